# One word per job; `make help` lists them. Each job first makes .venv when it is missing or stale.
PYTHON ?= python3.13
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
CHECK  := .venv-check
KQL    := .kql
NPM    := .npm

# Where they are, on the machines that have them; BICEP in the environment comes first.
BICEP ?= $(shell command -v bicep)
NODE  := $(and $(shell command -v node),$(shell command -v npm))

# Of make local. Set with =, so that a PORT in the environment is not meant. What is empty follows from PORT.
PORT     = 7071
ARM_PORT =
SPEED    = 60
STATE    =
FRESH    =
# Of make demo: --fault badImage, --speed 120.
DEMO     =
# Of make soak: --short, --only starts, and what else its --help says.
SOAK     =
# Of make acceptance.
APP       =
KEY       =
ARM       =
SCALE_SET =
IMAGE     =

.PHONY: help setup demo local test lint types page unit infra bicep kql nightly acceptance soak record screenshots bench docs sbom audit lock clean

help:  ## this list
	@awk -F ':.*  ## ' '/^[a-z]+:.*  ## /{printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## .venv, with everything that is needed

# The lock says what is installed; the marker says that it was. The command is installed as it stands here.
$(READY): requirements-dev.txt cli/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' || \
	    { echo "VMSS Rollout needs Python 3.13: install it, or run: make PYTHON=/path/to/python3.13"; exit 1; }
	@echo "Setting up $(VENV) (once; about a minute) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable cli
	@touch $@

demo: $(READY)  ## roll an image across 20 simulated instances, live in the terminal; DEMO="--fault badImage" to see it go back
	@$(BIN)/python -m local.demo $(DEMO)

local: $(READY)  ## the whole system on this machine, until Ctrl-C; PORT= for another beside it, SPEED=, FRESH=1 to begin anew
	@$(BIN)/python -m local --port $(PORT) --speed $(SPEED) $(if $(ARM_PORT),--arm-port $(ARM_PORT)) \
	    $(if $(STATE),--state "$(STATE)") $(if $(FRESH),--fresh)

test: lint types page unit infra $(if $(BICEP),bicep,uncompiled)  ## everything CI runs

lint: $(READY)  ## format, lint rules, import rules
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-cache > .lint-imports.log || { cat .lint-imports.log; exit 1; }

types: $(READY)  ## strict types
	@$(BIN)/pyright

# What holds the page against its rules comes from npm, in a folder of its own; nothing of it is deployed.
$(NPM)/.ready: dashboard/check/package-lock.json
	@mkdir -p $(NPM)
	@cp dashboard/check/package.json dashboard/check/package-lock.json $(NPM)
	@npm ci --prefix $(NPM) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

page: $(READY) $(if $(NODE),$(NPM)/.ready)  ## types of the page, against those of the OpenAPI document; needs Node.js
	@$(if $(NODE),dashboard/check/types.sh $(BIN)/python $(NPM),echo "dashboard/ was not type-checked: there is no Node.js here")

unit: $(READY) $(if $(NODE),$(NPM)/.ready)  ## all tests
	@$(BIN)/python -m pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) * 3 / 2 )) --dist worksteal

# Checkov's own requirements do not go with ours: it has an environment of its own.
$(CHECK)/.ready: infra/requirements-check.txt $(READY)
	@echo "Setting up $(CHECK) (once; half a minute) ..."
	@$(BIN)/python -m venv --clear $(CHECK)
	@$(CHECK)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r infra/requirements-check.txt
	@touch $@

# Checkov passes over what its parser cannot read: so first, that it can read everything.
infra: $(CHECK)/.ready  ## security rules on infra/, offline; a rule we do not keep has its reason there
	@$(CHECK)/bin/python -c 'import pathlib, pycep; [pycep.BicepParser().parse(text=one.read_text()) for one in pathlib.Path("infra").rglob("*.bicep")]'
	@CKV_SKIP_PACKAGE_UPDATE_CHECK=true $(CHECK)/bin/checkov --directory infra --framework bicep --skip-download --quiet --compact

bicep: kql  ## what the Bicep compiler says of infra/, and whether it would deploy what it did (BICEP=/path/to/bicep)
	@[ -n "$(BICEP)" ] || { echo "There is no Bicep compiler here: install the Bicep CLI, or run: make bicep BICEP=/path/to/bicep"; exit 1; }
	@BICEP="$(BICEP)" infra/check/bicep.sh

.PHONY: uncompiled
uncompiled:
	@echo "infra/ was not compiled: there is no Bicep compiler here (make bicep)"

# Microsoft's analyser comes from npm, in a folder of its own.
$(KQL)/.ready: infra/check/package-lock.json
	@mkdir -p $(KQL)
	@cp infra/check/package.json infra/check/package-lock.json $(KQL)
	@npm ci --prefix $(KQL) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

kql: $(if $(NODE),$(KQL)/.ready)  ## whether Microsoft's analyser takes the queries in infra/queries; needs Node.js
	@$(if $(NODE),NODE_PATH=$(KQL)/node_modules node infra/check/kql.js infra/queries/*.kql,echo "infra/queries was not analysed: there is no Node.js here")

# What is played in part by day (tests/support/nightly.py) is in these; tests/project/test_nightly.py holds it.
RANDOM := tests/stories/test_random_stories.py tests/stories/test_random_way_back.py
WHOLE  := tests/rollout/windows/test_window_properties.py tests/rollout/gates/test_gate_state.py tests/stories tests/host/test_worker_soak.py tests/arm/test_arm_controls.py tests/rehearsal/test_rehearsed_and_real.py tests/rehearsal/test_rehearsal_screens.py tests/local/test_acceptance.py tests/local/test_local_main.py

nightly: $(READY)  ## more random stories, and all stories, in full and as in Azure, other ones each time
	@NIGHTLY=1 RANDOM_STORIES=2000 $(BIN)/python -m pytest -n auto $(RANDOM)
	@seed=$$(date +%s); echo "as in Azure, AS_AZURE=$$seed"; \
	    NIGHTLY=1 AS_AZURE=$$seed $(BIN)/python -m pytest -n auto $(WHOLE) $(RANDOM:%=--ignore=%)

acceptance: $(READY)  ## what the API promises, seen on a running app: APP=, KEY=, and ARM= or SCALE_SET= and IMAGE=
	@$(BIN)/python -m acceptance $(if $(APP),--app "$(APP)") $(if $(KEY),--key "$(KEY)") $(if $(ARM),--arm "$(ARM)") \
	    $(if $(SCALE_SET),--scale-set "$(SCALE_SET)") $(if $(IMAGE),--image '$(IMAGE)')

soak: $(READY)  ## simultaneous starts and killed processes, for some 20 minutes; SOAK=--short for one
	@$(BIN)/python benchmarks/soak.py $(SOAK)

record: $(READY)  ## keep the histories of scenarios that are not recorded yet (tests/support/recording.py)
	@PYTHONPATH=.:tests/support $(BIN)/python tests/support/recording.py

screenshots: $(READY)  ## pictures of the page, into docs/images: look at every one
	@PYTHONPATH=.:tests/support $(BIN)/python tests/support/screenshots.py

bench: $(READY)  ## all figures of docs/performance.md, and benchmarks/results.json; how costs grow; how quickly the page draws
	@$(BIN)/python benchmarks/figures.py
	@$(BIN)/python benchmarks/planning.py
	@$(BIN)/python benchmarks/counting.py
	@$(BIN)/python benchmarks/page.py
	@$(BIN)/python benchmarks/command.py

docs: $(READY)  ## docs/api.md, from the OpenAPI document
	@$(BIN)/python -m local.reference

sbom: $(READY)  ## what is deployed, as a CycloneDX document: sbom.json
	@PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --mc-type application \
	    --output-reproducible --spec-version 1.6 --output-format JSON --output-file sbom.json
	@echo "sbom.json: $$(grep -c '"purl"' sbom.json) packages"

# Strict: a package that the service does not know, or no service at all, is no clean bill of health.
audit: $(READY)  ## known vulnerabilities of what is deployed; needs the network
	@$(BIN)/pip-audit --requirement requirements.txt --require-hashes --disable-pip --strict

# Locks without naming a registry: the machine's own settings say where packages come from.
lock: $(READY)  ## the locks, after a change of dependencies in pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --extra dev pyproject.toml -c requirements.txt -o requirements-dev.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url infra/requirements-check.in -o infra/requirements-check.txt

clean:  ## remove .venv, the state of make local, and all caches
	@rm -rf $(VENV) $(CHECK) $(KQL) $(NPM) .local .local-* .ruff_cache .pytest_cache .lint-imports.log
