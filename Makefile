# One word per job; `make help` lists them. Each job first makes .venv when it is missing or stale.
PYTHON ?= python3.13
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
CHECK  := .venv-check

# Of make local. Set with =, so that a PORT in the environment is not meant.
PORT     = 7071
ARM_PORT = 7072
SPEED    = 60
STATE    = .local

.PHONY: help setup demo local test lint types unit infra nightly record bench docs sbom audit lock clean

help:  ## this list
	@awk -F ':.*  ## ' '/^[a-z]+:.*  ## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## .venv, with everything that is needed

# The lock says what is installed; the marker says that it was.
$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' || \
	    { echo "VMSS Rollout needs Python 3.13: install it, or run: make PYTHON=/path/to/python3.13"; exit 1; }
	@echo "Setting up $(VENV) (once; about a minute) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(READY)  ## roll an image across 20 simulated instances, live in the terminal
	@$(BIN)/python -m local.demo

local: $(READY)  ## the whole system on this machine, until Ctrl-C; PORT=, ARM_PORT=, SPEED= and STATE= change where and how
	@$(BIN)/python -m local --port $(PORT) --arm-port $(ARM_PORT) --speed $(SPEED) --state $(STATE)

test: lint types unit infra  ## everything CI runs

lint: $(READY)  ## format, lint rules, import rules
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-cache > .lint-imports.log || { cat .lint-imports.log; exit 1; }

types: $(READY)  ## strict types
	@$(BIN)/pyright

unit: $(READY)  ## all tests
	@$(BIN)/python -m pytest -n auto

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

nightly: $(READY)  ## more random stories, other ones each time
	@RANDOM_STORIES=2000 $(BIN)/python -m pytest -n auto tests/stories/test_random_stories.py

record: $(READY)  ## keep the histories of scenarios that are not recorded yet (tests/support/recording.py)
	@PYTHONPATH=.:tests/support $(BIN)/python tests/support/recording.py

bench: $(READY)  ## how costs grow, as ratios within one run; what a rollout comes to in Durable
	@$(BIN)/python benchmarks/planning.py
	@$(BIN)/python benchmarks/counting.py

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
	@rm -rf $(VENV) $(CHECK) .local .ruff_cache .pytest_cache .lint-imports.log
