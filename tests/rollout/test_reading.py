from typing import Any

import pytest
from builders import NEW, OLD, instance

from rollout.reading import BatchReading, Reading, named, read_batch, reading_of


@pytest.mark.parametrize(
    ("facts", "reading"),
    [
        pytest.param({"image": OLD}, Reading.OLD, id="healthy on the old image is old"),
        pytest.param({"image": NEW}, Reading.HEALTHY, id="healthy on the target is healthy"),
        pytest.param(
            {"image": NEW, "health": "unhealthy"}, Reading.UNHEALTHY, id="unhealthy on the target"
        ),
        pytest.param(
            {"image": NEW, "health": "unknown"}, Reading.UNKNOWN, id="unknown on the target"
        ),
        pytest.param(
            {"image": NEW, "health": "initializing"},
            Reading.INITIALIZING,
            id="initializing on the target",
        ),
        pytest.param(
            {"image": NEW, "provisioning_state": "Updating"},
            Reading.UPDATING,
            id="one that is updated is not through, even with the target image",
        ),
        pytest.param(
            {"image": OLD, "provisioning_state": "Creating"},
            Reading.UPDATING,
            id="one that is created is on its way",
        ),
        pytest.param(
            {"image": NEW, "provisioning_state": "Failed"},
            Reading.FAILED,
            id="one that failed has failed, even with the target image",
        ),
        pytest.param(
            {"image": NEW.model_copy(update={"publisher": "canonical"})},
            Reading.HEALTHY,
            id="the case of the image's name does not matter",
        ),
    ],
)
def test_of_an_instance_one_reads(facts: dict[str, Any], reading: Reading) -> None:
    assert reading_of(instance(0, **facts), NEW) is reading


def test_an_instance_that_is_not_in_the_list_is_gone() -> None:
    assert reading_of(None, NEW) is Reading.GONE


def test_a_batch_is_read_in_its_own_order() -> None:
    there = [instance(0), instance(1, image=NEW), instance(2)]
    assert read_batch(there, ["1", "7", "0"], NEW) == "hgo"


def test_letters_are_given_back_to_their_instances() -> None:
    assert BatchReading(readings="hg").of(["3", "7"]) == {"3": Reading.HEALTHY, "7": Reading.GONE}


def test_a_reading_of_another_batch_is_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        BatchReading(readings="h").of(["3", "7"])


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, ""),
        (1, "0"),
        (3, "0, 1, 2"),
        pytest.param(20, ", ".join(map(str, range(20))), id="twenty are all named"),
        pytest.param(21, ", ".join(map(str, range(20))) + " and 1 more", id="more are counted"),
    ],
)
def test_ids_as_people_read_them(count: int, text: str) -> None:
    assert named([str(number) for number in range(count)]) == text
