"""What Durable stores is read by other versions of the app than the one that has written it.

stored_values.json has a full example of every kind, where "@Image" stands for the example of that
name; and the fields that have no default: every value that was ever stored has them.
"""

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple, cast, get_args

import pytest
from pydantic import ValidationError

import rollout
from rollout import batch, callbacks, fleet, follow, line, news, plan, retention, run
from rollout.base import Activity, ArmError, Event, Request, Value, field_errors
from rollout.inventory import Image, Inventory

type Place = tuple[str | int, ...]
"""The keys and indexes that lead to a part of a JSON document."""

ORDERS = [
    run.RolloutOrder, run.Lock, batch.BatchOrder, fleet.FleetOrder, fleet.WaveOrder,
    follow.FollowOrder, retention.ClearOut, news.Courier, line.LineOrder,
]  # fmt: skip
HANDED_ON = [run.Handover, batch.UnderWatch, batch.AtTheGate]
"""By one generation of an orchestration to the next, which may run another version."""
STATUSES = [
    run.RolloutView, batch.BatchStatus, fleet.FleetRolloutView, fleet.WaveStatus,
    follow.FollowStatus,
]  # fmt: skip
OUTCOMES = [batch.BatchOutcome, fleet.WaveOutcome, follow.FollowedImage, ArmError]
RECORDS = [
    run.RolloutSummary, run.RepairsLine, run.TelemetryContext, fleet.FleetSummary,
    follow.FollowedImage, news.CourierLine, Event,
]  # fmt: skip
SENT = [run.Command, callbacks.HeardAnswer, fleet.RolloutEnded, follow.Publication, line.LineChange]
REQUESTS: list[type[Request]] = [
    plan.RolloutRequest, plan.Policy, fleet.FleetRolloutRequest, fleet.WaveRules, run.CommandBody,
]  # fmt: skip
ONE_OF = {"Wave": {"scaleSets", "selector"}, "ImageRequest": {"id", "uri"}}
ONE_OF["QueryGate"], ONE_OF["CallbackAnswer"] = {"workspace", "resource"}, {"at"}
"""Fields that have a default and yet may be needed, because just one form is given."""
STORED = json.loads(Path(__file__).with_name("stored_values.json").read_text(encoding="utf-8"))


class Stored(NamedTuple):
    """A value as it is stored, and how it is read."""

    json: dict[str, Any]
    read: Callable[[dict[str, Any]], Value]


def _example(name: str) -> dict[str, Any]:
    return _whole(STORED["examples"][name])


def _whole(part: Any) -> Any:
    """With the examples in place of their names."""
    match part:
        case str() if part.startswith("@"):
            return _example(part[1:])
        case dict():
            return {key: _whole(value) for key, value in cast("dict[str, Any]", part).items()}
        case list():
            return [_whole(value) for value in cast("list[Any]", part)]
        case _:
            return part


def _activities() -> Iterator[Activity[Any, Any]]:
    """Every activity that a module of the core defines."""
    for module in pkgutil.walk_packages(rollout.__path__, "rollout."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Activity):
                yield cast("Activity[Any, Any]", value)


def _models(kinds: Iterable[type[Value]]) -> dict[str, type[Value]]:
    """These kinds, and every kind of value that may stand in one of them, by their names."""
    found: dict[str, type[Value]] = {}
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        if kind.__name__ not in found:
            found[kind.__name__] = kind
            waiting += [
                part for field in kind.model_fields.values() for part in _kinds(field.annotation)
            ]
        assert found[kind.__name__] is kind, f"two kinds are called {kind.__name__}"
    return found


def _kinds(annotation: Any) -> Iterator[type[Value]]:
    arguments = get_args(annotation)
    if not arguments and isinstance(annotation, type) and issubclass(annotation, Value):
        yield annotation
    for argument in arguments:
        yield from _kinds(argument)


ACTIVITIES = [*_activities()]
ASKED = [kind for activity in ACTIVITIES for kind in (activity.takes, activity.gives)]
MODELS = _models([*ORDERS, *HANDED_ON, *STATUSES, *OUTCOMES, *RECORDS, *SENT, *ASKED])


def _published_rollout() -> Stored:
    view = run.RolloutView.from_json(_example("RolloutView"))
    request = plan.RolloutRequest.from_json(_example("RolloutRequest"))

    def read(status: dict[str, Any]) -> Value:
        return run.RolloutView.from_status(status, request)

    return Stored(view.published(), read)


def _published_fleet_rollout() -> Stored:
    view = fleet.FleetRolloutView.from_json(_example("FleetRolloutView"))
    order = fleet.FleetOrder.from_json(_example("FleetOrder"))

    def read(status: dict[str, Any]) -> Value:
        return fleet.FleetRolloutView.from_status(status, order)

    return Stored(view.published(), read)


def _packed_inventory() -> Stored:
    return Stored(_example("packed inventory"), Inventory.unpack)


OTHERS = {
    "published rollout": _published_rollout,
    "published fleet rollout": _published_fleet_rollout,
    "packed inventory": _packed_inventory,
}
"""What is stored in another form than its own JSON."""
PLAIN = [name for name in STORED["examples"] if name.partition("/")[0] in MODELS]


def _stored(name: str) -> Stored:
    if name in OTHERS:
        return OTHERS[name]()
    return Stored(_example(name), MODELS[name.partition("/")[0]].from_json)


def _fields(kind: type[Value]) -> dict[str, bool]:
    """The names of its fields in JSON, and whether each is required."""
    return {
        field.serialization_alias or name: field.is_required()
        for name, field in kind.model_fields.items()
    }


def _levels(stored: Stored) -> Iterator[tuple[Place, type[Value]]]:
    """Every JSON object in it that is a value, and of which kind it is."""
    for place, kind in _values(stored.read(stored.json), ()):
        if _is_there(stored.json, place):
            yield place, kind
    if "images" in stored.json:  # of a packed inventory
        yield from ((("images", index), Image) for index, _ in enumerate(stored.json["images"]))


def _values(value: object, place: Place) -> Iterator[tuple[Place, type[Value]]]:
    match value:
        case Value():
            yield place, type(value)
            for name, key in zip(type(value).model_fields, _fields(type(value)), strict=True):
                yield from _values(getattr(value, name), (*place, key))
        case list():
            for index, part in enumerate(cast("list[object]", value)):
                yield from _values(part, (*place, index))
        case dict():
            for key, part in cast("dict[str, object]", value).items():
                yield from _values(part, (*place, key))
        case _:
            pass


def _is_there(document: Any, place: Place) -> bool:
    try:
        _at(document, place)
    except KeyError:
        return False
    return True


def _at(document: Any, place: Place) -> Any:
    for key in place:
        document = document[key]
    return document


def _with(document: dict[str, Any], place: Place, key: str) -> dict[str, Any]:
    """The document with one field more in the object at that place."""
    copy = deepcopy(document)
    _at(copy, place)[key] = {"of": "another version"}
    return copy


def _without(document: dict[str, Any], place: Place, key: str) -> dict[str, Any]:
    """The document with that field less in the object at that place."""
    copy = deepcopy(document)
    del _at(copy, place)[key]
    return copy


def test_every_kind_has_an_example() -> None:
    missing = sorted(MODELS.keys() - STORED["examples"].keys())
    assert missing == [], (
        f"Durable stores these too: give stored_values.json an example of {missing}"
    )


@pytest.mark.parametrize("kind", MODELS.values(), ids=MODELS)
def test_an_example_has_every_field(kind: type[Value]) -> None:
    missing = _fields(kind).keys() - STORED["examples"][kind.__name__].keys()
    assert missing - ONE_OF.get(kind.__name__, set()) == set(), "give the example these fields too"


@pytest.mark.parametrize("name", PLAIN)
def test_what_was_stored_means_what_it_meant(name: str) -> None:
    stored = _stored(name)
    assert stored.read(stored.json).to_json() == stored.json


@pytest.mark.parametrize("name", [*PLAIN, *OTHERS])
def test_a_field_of_a_later_version_is_passed_over_wherever_it_is(name: str) -> None:
    stored = _stored(name)
    before = stored.read(stored.json)
    for place, _ in _levels(stored):
        assert stored.read(_with(stored.json, place, "later")) == before, place


@pytest.mark.parametrize("name", [*PLAIN, *OTHERS])
def test_a_field_that_has_a_default_need_not_be_there(name: str) -> None:
    """An older version of the app has not written it."""
    stored = _stored(name)
    for place, kind in _levels(stored):
        there = _at(stored.json, place)
        optional = {key for key, required in _fields(kind).items() if not required}
        for key in (optional & there.keys()) - ONE_OF.get(kind.__name__, set()):
            stored.read(_without(stored.json, place, key))


@pytest.mark.parametrize("kind", MODELS.values(), ids=MODELS)
def test_no_field_is_required_that_was_not_from_the_beginning(kind: type[Value]) -> None:
    required = {key for key, is_required in _fields(kind).items() if is_required}
    _compare(kind.__name__, required)


@pytest.mark.parametrize("name", OTHERS)
def test_nothing_else_is_needed_to_read_what_has_a_form_of_its_own(name: str) -> None:
    stored = _stored(name)
    _compare(name, {key for key in stored.json if not _reads(stored, key)})


def _reads(stored: Stored, key: str) -> bool:
    """Whether it can be read without that field."""
    try:
        stored.read(_without(stored.json, (), key))
    except (KeyError, ValidationError):
        return False
    return True


def _compare(name: str, required: set[str]) -> None:
    """Compare what is required now with what always was."""
    always = set(STORED["required"].get(name, ()))
    assert required <= always, (
        f"{name} needs {sorted(required - always)} now: give it a default, because an older "
        "version of the app has stored values without it (or, where the whole kind is new, add it "
        "to the required fields in stored_values.json)"
    )
    assert always <= required, (
        f"{name} does not need {sorted(always - required)} any more: take that off the required "
        "fields in stored_values.json"
    )


def _spelled(place: Place) -> str:
    path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place)
    return path.removeprefix(".")


@pytest.mark.parametrize("kind", REQUESTS)
def test_a_request_with_a_field_that_nobody_knows_is_refused_wherever_that_is(
    kind: type[Request],
) -> None:
    example = _example("Command" if kind is run.CommandBody else kind.__name__)
    body = {key: example[key] for key in _fields(kind) if key in example}
    for place, _ in _levels(Stored(body, kind.from_request)):
        with pytest.raises(ValidationError) as refused:
            kind.from_request(_with(body, place, "later"))
        [error] = field_errors(refused.value)
        assert error.message.startswith("is not a field of this request"), place
        assert error.path == _spelled((*place, "later"))
