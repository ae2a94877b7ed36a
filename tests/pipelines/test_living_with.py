"""Scale sets that Terraform, Bicep or Ansible look after as well (docs/living-with.md)."""

import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pages import blocks
from story import NEW, OLD, PLATFORM, System
from templates import Ansible, Bicep, Terraform

THIRD = "14.04.201509090"
CAPACITY = 10
COMPILED = Path(__file__).parent / "web.json"
"""What the compiler makes of the page's template, for machines that have no compiler."""

type Json = dict[str, Any]
type Apply = Callable[[System, str, str], None]


def template(version: str) -> Json:
    """The compiled template with that version."""
    body: Json = json.loads(COMPILED.read_text())
    storage = body["properties"]["virtualMachineProfile"]["storageProfile"]
    storage["imageReference"]["version"] = version
    return body


def terraform(system: System, scale_set: str, version: str) -> None:
    Terraform.of(system, scale_set).apply(version)


def bicep(system: System, scale_set: str, version: str) -> None:
    Bicep.of(system, scale_set, template(version)).deploy()


def ansible(system: System, scale_set: str, version: str) -> None:
    Ansible.of(system, scale_set).play(version, capacity=CAPACITY, caching="ReadWrite")


TOOLS: dict[str, Apply] = {"Terraform": terraform, "Bicep": bicep, "Ansible": ansible}


@pytest.fixture(params=TOOLS.values(), ids=[*TOOLS])
def apply(request: pytest.FixtureRequest) -> Apply:
    return request.param


@pytest.fixture
def web(system: System) -> str:
    return system.scale_set(capacity=CAPACITY)


def images(system: System, scale_set: str) -> dict[str, int]:
    """How many instances run each version."""
    instances = system.truth(scale_set)["instances"]
    return Counter(each["image"].rpartition(":")[2] for each in instances)


def in_the_middle(system: System, scale_set: str) -> str:
    """A rollout whose second batch has been upgraded, and is not through yet."""
    rollout = system.start(scale_set).json()["id"]
    system.until(rollout, lambda view: view["batch"] == 2 and "stabilizing" in view["message"])
    return rollout


def model(system: System, scale_set: str) -> str:
    """The version that the model names."""
    return system.truth(scale_set)["image"].rpartition(":")[2]


def test_a_template_changes_the_model_only_and_a_rollout_moves_the_instances(
    system: System, web: str, apply: Apply
) -> None:
    """Roll to what the model names already."""
    apply(system, web, NEW)
    assert (model(system, web), images(system, web)) == (NEW, {OLD: CAPACITY})
    assert system.plan(web)["modelAlreadySet"]
    writes = len(system.requests("PATCH", web))
    view = system.run(web)
    assert view["phase"] == "Succeeded"
    assert images(system, web) == {NEW: CAPACITY}
    assert len(system.requests("PATCH", web)) == writes
    assert system.truth(web)["violations"] == []


def test_the_old_template_after_a_rollout_puts_the_old_image_back_and_moves_nobody(
    system: System, web: str, apply: Apply
) -> None:
    system.run(web)
    apply(system, web, OLD)
    assert (model(system, web), images(system, web)) == (OLD, {NEW: CAPACITY})
    plan = system.plan(web)
    assert not plan["modelAlreadySet"]
    assert plan["batches"] == []


def test_meanwhile_every_new_instance_gets_the_old_image(
    system: System, web: str, apply: Apply
) -> None:
    system.run(web)
    apply(system, web, OLD)
    Terraform.of(system, web).apply(sku={"capacity": CAPACITY + 2})
    assert images(system, web) == {NEW: CAPACITY, OLD: 2}


def test_a_rollback_of_what_the_template_had_set_leaves_the_version_that_most_ran(
    system: System, web: str, apply: Apply
) -> None:
    """Whoever applies the bad version again has to put the old one into the code."""
    apply(system, web, NEW)
    system.fault("badImage", scaleSet=web.rpartition("/")[2], version=NEW)
    view = system.run(web, policy={"health": {"timeout": "PT5M"}})
    assert view["phase"] == "RolledBack"
    assert (model(system, web), images(system, web)) == (OLD, {OLD: CAPACITY})


def test_a_rollout_of_the_same_version_again_mends_the_model(
    system: System, web: str, apply: Apply
) -> None:
    system.run(web)
    apply(system, web, OLD)
    view = system.run(web)
    assert view["phase"] == "Succeeded"
    assert (model(system, web), images(system, web)) == (NEW, {NEW: CAPACITY})


def test_the_old_template_during_a_rollout_stops_it_before_the_next_batch(
    system: System, web: str, apply: Apply
) -> None:
    rollout = in_the_middle(system, web)
    apply(system, web, OLD)
    view = system.finish(rollout)
    assert view["phase"] == "Failed"
    assert "someone changed the image in the model" in view["message"]
    assert f"it is now {':'.join(PLATFORM.values())}:{OLD}" in view["message"]
    assert 0 < images(system, web)[NEW] < CAPACITY
    assert system.truth(web)["violations"] == []


def test_while_azure_upgrades_a_batch_an_apply_is_refused_and_the_rollout_goes_on(
    system: System, web: str
) -> None:
    """As Azure was recorded to refuse a second upgrade; of a change of the model nobody knows."""
    terraform = Terraform.of(system, web)
    rollout = system.start(web).json()["id"]
    system.until(rollout, lambda view: view["counts"]["inProgress"] > 0)
    with pytest.raises(AssertionError, match="conflict with a concurrent request"):
        terraform.apply(OLD)
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_another_version_in_the_template_is_never_rolled_back_over(
    system: System, web: str, apply: Apply
) -> None:
    system.publish(**PLATFORM, version=THIRD)
    rollout = in_the_middle(system, web)
    apply(system, web, THIRD)
    system.finish(rollout)
    assert model(system, web) == THIRD


def test_the_new_template_during_its_rollout_changes_nothing(
    system: System, web: str, apply: Apply
) -> None:
    rollout = in_the_middle(system, web)
    apply(system, web, NEW)
    assert system.finish(rollout)["phase"] == "Succeeded"


@pytest.mark.parametrize("change", [{"tags": {"team": "web"}}, {"sku": {"capacity": 12}}])
def test_terraform_with_ignore_changes_sends_the_image_that_is_there(
    system: System, web: str, change: Json
) -> None:
    """A change of something else, in the middle of a rollout: it sends an image each time."""
    rollout = in_the_middle(system, web)
    Terraform.of(system, web).apply(**change)
    assert model(system, web) == NEW
    assert system.finish(rollout)["phase"] == "Succeeded"
    assert set(images(system, web)) == {NEW}


def test_terraform_that_has_read_before_the_rollout_set_its_image_writes_the_old_one(
    system: System, web: str
) -> None:
    """Also with ignore_changes: between its GET and its PATCH there is no If-Match."""
    terraform = Terraform.of(system, web)
    read = terraform.read()
    rollout = in_the_middle(system, web)
    terraform.write(read, tags={"team": "web"})
    view = system.finish(rollout)
    assert view["phase"] == "Failed"
    assert "someone changed the image in the model" in view["message"]


def test_terraform_s_change_of_an_identity_during_a_rollout_changes_no_image(
    system: System, web: str
) -> None:
    terraform = Terraform.of(system, web)
    rollout = in_the_middle(system, web)
    terraform.change_identity(terraform.read())
    assert system.finish(rollout)["phase"] == "Succeeded"


def test_terraform_that_rolls_the_instances_itself_undoes_a_rollout(
    system: System, web: str
) -> None:
    """roll_instances_when_required, its default: with the old image, all go back."""
    system.run(web)
    Terraform.of(system, web).apply(OLD, rolls=True)
    assert images(system, web) == {OLD: CAPACITY}


def test_a_playbook_that_names_no_image_leaves_the_image_but_not_the_rest(
    system: System, web: str
) -> None:
    """What the module writes of its own defaults stops the rollout: the model is another one."""
    rollout = in_the_middle(system, web)
    assert Ansible.of(system, web).play(capacity=CAPACITY)
    view = system.finish(rollout)
    assert model(system, web) == NEW
    assert view["phase"] == "Failed"
    assert "its image is still ours" in view["message"]


def test_a_playbook_that_names_no_capacity_leaves_one_instance(system: System, web: str) -> None:
    assert Ansible.of(system, web).play(caching="ReadWrite")
    assert len(system.truth(web)["instances"]) == 1


def test_the_compiler_makes_what_is_played_of_the_page_s_template(tmp_path: Path) -> None:
    compiler = os.environ.get("BICEP")
    (source,) = (block.text for block in blocks("bicep") if block.page == "docs/living-with.md")
    for line in ("param imageVersion string", "version: imageVersion"):
        assert line in source
    if not compiler:
        pytest.skip("there is no Bicep compiler here: BICEP=/path/to/bicep")
    (tmp_path / "web.bicep").write_text(source)
    (tmp_path / "web.bicepparam").write_text(f"using 'web.bicep'\nparam imageVersion = '{OLD}'\n")
    command = [compiler, "snapshot", str(tmp_path / "web.bicepparam")]
    subprocess.run(command, check=True, capture_output=True)
    (resource,) = json.loads((tmp_path / "web.snapshot.json").read_text())["predictedResources"]
    del resource["id"]
    assert resource == template(OLD)
