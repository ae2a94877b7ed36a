import pytest
from builders import SCALE_SET

from rollout.inventory import ScaleSetId
from rollout.run import batch_id, lock_id

TEXT = str(SCALE_SET)


def test_an_arm_id_is_read_into_its_parts() -> None:
    assert ScaleSetId.parse(TEXT) == ScaleSetId(
        "00000000-0000-0000-0000-000000000000", "demo", "web"
    )


def test_an_arm_id_is_written_as_azure_writes_it() -> None:
    assert str(ScaleSetId.parse(TEXT.lower())) == TEXT


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param(TEXT.upper(), id="upper case"),
        pytest.param(TEXT.replace("resourceGroups", "resourcegroups"), id="as Azure lowers it"),
        pytest.param(f"{TEXT}/", id="a slash at the end"),
    ],
)
def test_every_spelling_is_the_same_scale_set(spelling: str) -> None:
    assert ScaleSetId.parse(spelling).key == SCALE_SET.key
    assert lock_id(ScaleSetId.parse(spelling)) == lock_id(SCALE_SET)


@pytest.mark.parametrize("part", ["subscription", "resource_group", "name"])
def test_another_part_is_another_scale_set(part: str) -> None:
    parts = {"subscription": "s", "resource_group": "g", "name": "n"}
    assert ScaleSetId(**parts).key != ScaleSetId(**{**parts, part: "other"}).key


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("web", id="a name alone"),
        pytest.param("", id="nothing"),
        pytest.param(None, id="null"),
        pytest.param(7, id="a number"),
        pytest.param(TEXT.replace("virtualMachineScaleSets", "virtualMachines"), id="a VM"),
        pytest.param(f"{TEXT}/virtualMachines/3", id="an instance"),
        pytest.param(f"https://management.azure.com{TEXT}", id="a URL"),
        pytest.param(f"{TEXT}\n", id="a line break at the end"),
        pytest.param(TEXT.replace("/web", "/web?api-version=1"), id="a query"),
        pytest.param(TEXT.replace("demo", "a" * 91), id="a group longer than Azure allows"),
        pytest.param(TEXT.replace("/demo/", "/../"), id="a group that climbs up the path"),
        pytest.param(TEXT.replace("/web", "/.."), id="a name that climbs up the path"),
        pytest.param(TEXT.replace("/web", "/."), id="a name that is no step on the path"),
    ],
)
def test_no_scale_set_id_is(text: object) -> None:
    with pytest.raises(ValueError, match="must be the ARM id of a scale set"):
        ScaleSetId.parse(text)


def test_each_batch_of_a_rollout_has_its_own_id() -> None:
    assert [batch_id("r1", 1), batch_id("r1", 2)] == ["r1:batch-1", "r1:batch-2"]
