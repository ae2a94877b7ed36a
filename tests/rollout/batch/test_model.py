from typing import Any

import pytest
from builders import NEW, OLD, SCALE_SET, model, scale_set

from rollout.base import Proceed, Stop, Wait
from rollout.batch import (
    Model,
    ModelReading,
    Operation,
    OperationState,
    foreign_change,
    foreign_image,
    model_of,
    shows_change,
)
from rollout.inventory import Image, ImageChange

THIRD = OLD.model_copy(update={"version": "14.04.201601010"})
RUNNING = Operation(state=OperationState.RUNNING)
SUCCEEDED = Operation(state=OperationState.SUCCEEDED)
FAILED = Operation(state=OperationState.FAILED, error="Conflict: the disk is in use")


def _model(operation: Operation | None = None, **facts: Any) -> Proceed[Model] | Wait | Stop:
    reading = ModelReading(scale_set=scale_set(**{"image": NEW, **facts}), operation=operation)
    return model_of(reading, NEW)


@pytest.mark.parametrize("operation", [None, SUCCEEDED], ids=["never needed", "succeeded"])
def test_the_model_is_ready_when_it_names_the_target_and_its_operation(
    operation: Operation | None,
) -> None:
    assert _model(operation) == Proceed(model())


@pytest.mark.parametrize(
    ("operation", "state"),
    [
        pytest.param(RUNNING, "Succeeded", id="its operation runs"),
        pytest.param(RUNNING, "Updating", id="both say so"),
        pytest.param(SUCCEEDED, "Updating", id="the scale set still moves"),
        pytest.param(None, "Updating", id="somebody's operation runs"),
    ],
)
def test_the_model_is_not_ready_while(operation: Operation | None, state: str) -> None:
    assert _model(operation, provisioning_state=state) == Wait()


def test_a_change_that_failed_is_told_in_azures_words() -> None:
    assert _model(FAILED, image=OLD) == Stop(
        f"Azure could not set the image of {SCALE_SET.name}: Conflict: the disk is in use"
    )


def test_a_change_that_failed_without_a_word_does_not_say_none() -> None:
    broken = _model(Operation(state=OperationState.FAILED))
    assert isinstance(broken, Stop)
    assert "None" not in broken.reason


def test_another_image_after_our_change_is_somebody_elses() -> None:
    assert _model(SUCCEEDED, image=OLD) == Stop(
        f"the model of {SCALE_SET.name} names {OLD} although we set {NEW}: "
        "someone changed it at the same time"
    )


def test_a_model_without_an_image_is_not_ours() -> None:
    broken = _model(SUCCEEDED, image=None)
    assert isinstance(broken, Stop)
    assert "None" not in broken.reason


def test_the_model_is_remembered_with_everything_else_it_says() -> None:
    assert _model(fingerprint="with a new extension") == Proceed(
        model(fingerprint="with a new extension")
    )


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({}, id="when nothing changed"),
        pytest.param({"etag": '"2"'}, id="when the ETag moved on, as it does on every upgrade"),
        pytest.param({"provisioning_state": "Updating"}, id="while an operation runs"),
        pytest.param({"provisioning_state": "Failed"}, id="after an upgrade has failed"),
        pytest.param({"upgrade_policy": "MANUAL"}, id="when Azure changes the case of a word"),
        pytest.param(
            {"image": NEW.model_copy(update={"offer": "ubuntuserver"})},
            id="when Azure changes the case of the image",
        ),
    ],
)
def test_the_model_is_still_ours(facts: dict[str, Any]) -> None:
    assert foreign_change(model(), scale_set(**{"image": NEW, **facts})) is None


@pytest.mark.parametrize(
    ("facts", "part"),
    [
        pytest.param(
            {"image": OLD},
            f"the image in the model of {SCALE_SET.name} during the rollout: it is now {OLD}, "
            f"we had set {NEW}",
            id="another image",
        ),
        pytest.param({"image": None}, "the image in the model", id="no image any more"),
        pytest.param(
            {"fingerprint": "with a new extension"},
            "(virtualMachineProfile)",
            id="another part of the profile",
        ),
        pytest.param(
            {"upgrade_policy": "Automatic"},
            f"the upgrade policy of {SCALE_SET.name} to Automatic",
            id="the upgrade policy",
        ),
        pytest.param(
            {"upgrade_policy": "Rolling", "image": OLD, "fingerprint": "x"},
            "to Rolling",
            id="everything: the most dangerous is told",
        ),
    ],
)
def test_somebody_changed(facts: dict[str, Any], part: str) -> None:
    change = foreign_change(model(), scale_set(**{"image": NEW, **facts}))
    assert change is not None
    assert part in change


def test_a_model_without_an_image_is_told_in_words() -> None:
    change = foreign_change(model(), scale_set(image=None))
    assert change is not None
    assert "None" not in change


def test_an_answer_from_before_the_change_is_nobodys_change() -> None:
    """Azure may serve it for a while; it has the ETag that the change was sent with."""
    stale = ModelReading(scale_set=scale_set(image=OLD, etag='"1"'))
    assert model_of(stale, NEW, '"1"') == Wait()
    assert isinstance(model_of(stale, NEW, '"0"'), Stop)


@pytest.mark.parametrize(
    ("change", "now", "foreign"),
    [
        pytest.param(ImageChange(), OLD, False, id="the first look"),
        pytest.param(ImageChange(from_image=OLD), OLD, False, id="as it was"),
        pytest.param(ImageChange(from_image=OLD), NEW, False, id="ours, perhaps"),
        pytest.param(ImageChange(from_image=OLD), THIRD, True, id="somebody else's"),
    ],
)
def test_an_image_that_somebody_else_sets_before_ours_is_not_overwritten(
    change: ImageChange, now: Image, *, foreign: bool
) -> None:
    reason = foreign_image(change, scale_set(image=now), NEW)
    assert (reason is not None) is foreign
    assert reason is None or f"it is now {THIRD}, and was {OLD}" in reason


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        pytest.param({}, True, id="the image, settled, in a new answer"),
        pytest.param({"etag": '"1"'}, False, id="an answer from before the change"),
        pytest.param({"image": OLD}, False, id="another image"),
        pytest.param({"image": None}, False, id="no image"),
        pytest.param({"provisioning_state": "Updating"}, False, id="still at work"),
        pytest.param({"provisioning_state": "Failed"}, False, id="it has failed"),
    ],
)
def test_the_scale_set_itself_shows_that_its_image_was_set(
    facts: dict[str, Any], *, shown: bool
) -> None:
    """Only if it does not, Azure's operation is asked."""
    read = scale_set(**{"image": NEW, "etag": '"2"', **facts})
    assert shows_change(read, NEW, '"1"') is shown
    assert not shows_change(read, NEW, "")
