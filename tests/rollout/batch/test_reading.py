from typing import Any

import pytest
from builders import NEW, OLD, instance, reading

from rollout.batch import BatchReading, Observation, observation_of, observed


@pytest.mark.parametrize(
    ("facts", "observation"),
    [
        pytest.param({"image": OLD}, Observation.OLD_IMAGE, id="healthy on the old image is old"),
        pytest.param({"image": NEW}, Observation.HEALTHY, id="healthy on the target is healthy"),
        pytest.param(
            {"image": NEW, "health": "unhealthy"},
            Observation.UNHEALTHY,
            id="unhealthy on the target",
        ),
        pytest.param(
            {"image": NEW, "health": "unknown"}, Observation.UNKNOWN, id="unknown on the target"
        ),
        pytest.param(
            {"image": NEW, "health": "initializing"},
            Observation.INITIALIZING,
            id="initializing on the target",
        ),
        pytest.param(
            {"image": NEW, "provisioning_state": "Updating"},
            Observation.UPDATING,
            id="one that is updated is not through, even with the target image",
        ),
        pytest.param(
            {"image": OLD, "provisioning_state": "Creating"},
            Observation.UPDATING,
            id="one that is created is on its way",
        ),
        pytest.param(
            {"image": NEW, "provisioning_state": "Deleting"},
            Observation.DELETING,
            id="one that is being deleted is no more to be judged",
        ),
        pytest.param(
            {"image": NEW, "provisioning_state": "Failed"},
            Observation.FAILED,
            id="one that failed has failed, even with the target image",
        ),
        pytest.param(
            {"image": NEW.model_copy(update={"publisher": "canonical"})},
            Observation.HEALTHY,
            id="the case of the image's name does not matter",
        ),
    ],
)
def test_what_is_seen_of_an_instance(facts: dict[str, Any], observation: Observation) -> None:
    assert observation_of(instance(0, **facts), NEW) is observation


def test_an_instance_that_is_not_in_the_list_is_gone() -> None:
    assert observation_of(None, NEW) is Observation.GONE


def test_of_a_batch_only_its_own_instances_are_seen_in_its_own_order() -> None:
    there = [instance(0), instance(1, image=NEW), instance(2), instance(3)]
    seen = observed(there, ["1", "7", "3", "0"], NEW)
    assert seen == {
        Observation.HEALTHY: ["1"],
        Observation.GONE: ["7"],
        Observation.OLD_IMAGE: ["3", "0"],
    }
    assert list(seen) == [Observation.HEALTHY, Observation.GONE, Observation.OLD_IMAGE]


def test_of_an_empty_batch_nothing_is_seen() -> None:
    assert observed([instance(0)], [], NEW) == {}


def test_observations_are_given_back_to_their_instances() -> None:
    seen = {Observation.GONE: ["7"], Observation.HEALTHY: ["3", "9"]}
    assert list(BatchReading(seen=seen).by_instance(["3", "7", "9"]).items()) == [
        ("3", Observation.HEALTHY),
        ("7", Observation.GONE),
        ("9", Observation.HEALTHY),
    ]


def test_a_reading_of_another_batch_is_an_error() -> None:
    with pytest.raises(KeyError):
        reading("h", "3").by_instance(["3", "7"])
