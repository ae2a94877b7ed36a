"""What is to go wrong, from the words that people type to what the simulated Azure is reason."""

import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from vmss_rollout.command_error import UsageError
from vmss_rollout.near import near
from vmss_rollout.plan import ranges
from vmss_rollout.rehearsal.lengths import length
from vmss_rollout.values import Json, fields

_FAULT, _MEANS = 22, 36
"""Columns of a fault and of what it means, in --help: both fit into 60."""
_SHARE, _FOR_EVER = 0.3, 10 * 365 * 86_400
_SOON, _LATER = timedelta(seconds=1), timedelta(minutes=5)
_NO_ROOM = {
    "code": "AllocationFailed",
    "message": "Allocation failed. We do not have sufficient capacity for the requested VM size in "
    "this region. Read more about improving likelihood of allocation success at "
    "http://aka.ms/allocation-guidance",
}


@dataclass(frozen=True)
class Typed:
    """The value behind the =, and the instances it is about: all of them, if none were named."""

    value: str
    ids: list[str]
    everybody: bool

    def seconds(self, usual: float | None = None) -> float | None:
        return length(self.value).total_seconds() if self.value else usual

    def count(self, usual: int) -> int:
        if self.value and not (self.value.isdecimal() and int(self.value)):
            raise UsageError(
                f"'{self.value}' is no number above 0.", "Such as: --fault scale-out=2"
            )
        return int(self.value or usual)


@dataclass(frozen=True)
class Kind:
    """A fault by its name. `of_instances`: it takes some (3=stops); None: it may."""

    means: str
    bodies: Callable[[Typed], list[Json]]
    value: str = ""
    at: timedelta = timedelta(0)
    of_instances: bool | None = False


def _body(kind: str, **fixed: object) -> Callable[[Typed], list[Json]]:
    return lambda _: [{"kind": kind, **fixed}]


def _on(kind: str, **fixed: object) -> Callable[[Typed], list[Json]]:
    return lambda typed: [{"kind": kind, "instanceIds": typed.ids, **fixed}]


def _bad_image(typed: Typed) -> list[Json]:
    after = typed.seconds()
    return [{"kind": "badImage", **({} if after is None else {"after": after})}]


def _slow_boot(typed: Typed) -> list[Json]:
    seconds = typed.seconds()
    named = {} if typed.everybody else {"instanceIds": typed.ids}
    return [{"kind": "slowBoot", **named, **({} if seconds is None else {"seconds": seconds})}]


def _no_capacity(typed: Typed) -> list[Json]:
    """The upgrade fails, and its operation says why."""
    reason = {"kind": "rewrite", "pattern": "/operations/", "rate": 1, "patch": {"error": _NO_ROOM}}
    return [{"kind": "upgradeFails", "instanceIds": typed.ids}, reason]


KINDS = {
    "bad-image": Kind("on the new image, nothing gets healthy, or is so for that long",
                      _bad_image, "10m"),
    "slow-boot": Kind("booting takes that long, or ten times as long", _slow_boot, "10m",
                      of_instances=None),
    "unhealthy": Kind("gets no more healthy on the new image", _on("flapping", period=_FOR_EVER),
                      of_instances=True),
    "flapping": Kind("healthy, then not, on the new image", _on("flapping"), of_instances=True),
    "fails": Kind("its upgrade fails", _on("upgradeFails"), of_instances=True),
    "stops": Kind("somebody stops it", _on("instanceStops"), at=_LATER, of_instances=True),
    "deallocated": Kind("somebody deallocates it", _on("instanceStops", deallocated=True),
                        at=_LATER, of_instances=True),
    "vanishes": Kind("somebody deletes it", _on("instanceVanishes"), at=_LATER, of_instances=True),
    "stuck": Kind("an operation of somebody else's on it hangs",
                  _on("instanceStuck", state="Updating"), of_instances=True),
    "no-capacity": Kind("Azure has no room for what is upgraded", _no_capacity, of_instances=None),
    "throttle": Kind("some requests are answered 429, and when to ask again", lambda typed: [
        {"kind": "throttle", "rate": _SHARE, "retryAfter": int(typed.seconds(20) or 0)}],
                     "20s", _SOON),
    "server-error": Kind("some requests are answered 503",
                         _body("serverError", rate=_SHARE), at=_SOON),
    "drop-connection": Kind("some requests are not answered",
                            _body("dropConnection", rate=_SHARE), at=_SOON),
    "denied": Kind("a right is gone: all requests are answered 403", _body("denied", rate=1),
                   at=_LATER),
    "conflict": Kind("so many changes are refused, because another operation runs",
                     lambda typed: [{"kind": "conflict", "count": typed.count(3)}], "3", _SOON),
    "foreign-write": Kind("somebody else changes the model",
                          _body("foreignWrite", profile={"licenseType": "RHEL_BYOS"}), at=_LATER),
    "scale-out": Kind("somebody adds so many instances",
                      lambda typed: [{"kind": "scaleOut", "count": typed.count(1)}], "1", _LATER),
}  # fmt: skip
_ALSO = {
    "upgrade-fails": "fails",
    "instance-stops": "stops",
    "instance-vanishes": "vanishes",
    "instance-stuck": "stuck",
}
"""As the simulated Azure calls them."""


def listed() -> str:
    """All of them, a line each, for --help."""
    head = (
        "What can go wrong, as often as you like. 3,7= are instances, =10m is a value, and @5m is "
        "how long after the start it begins (else, what somebody does comes after 5m, the rest at "
        "once); a JSON object is what the simulated Azure takes."
    )
    lines = [head, "", "\b"]
    for name, kind in KINDS.items():
        ids = {True: "3,7=", None: "[3,7=]"}.get(kind.of_instances, "")
        value = f"[={kind.value}]" if kind.value else ""
        first, *more = textwrap.wrap(kind.means, _MEANS)
        lines += [f"{ids + name + value:<{_FAULT}}{first}", *(" " * _FAULT + line for line in more)]
    return "\n".join(lines)


def refuse_unknown(typed: list[str]) -> None:
    """Raises UsageError for a fault that there is not, before anything is read."""
    for fault in typed:
        if not _is_declared(fault):
            _parts(fault)


def misfortunes(typed: list[str], ids: list[str]) -> list[Json]:
    """What the simulated Azure is reason; `ids` are the instances there are."""
    return [body for fault in typed for body in _read(fault, ids)]


def _read(fault: str, ids: list[str]) -> list[Json]:
    return [{"fault": _declared(fault)}] if _is_declared(fault) else _bodies(*_parts(fault), ids)


def _is_declared(fault: str) -> bool:
    return fault.strip().startswith("{")


def _parts(fault: str) -> tuple[str, str, list[str], str]:
    """Its name, value, instances, and when it begins. Raises UsageError for an unknown name."""
    said, _, when = fault.strip().partition("@")
    before, _, behind = said.partition("=")
    if _name(before) in KINDS:
        return _name(before), behind, [], when
    name, _, value = behind.partition("=")
    if _name(name) not in KINDS:
        raise _unknown(name or before)
    return _name(name), value, before.split(","), when


def _bodies(name: str, value: str, named: list[str], when: str, ids: list[str]) -> list[Json]:
    kind = KINDS[name]
    _refuse_what_does_not_fit(name, kind, value, named)
    known = {id_.casefold(): id_ for id_ in ids}
    for id_ in named:
        if id_.casefold() not in known:
            hint = near(id_, ids) or f"There are: {ranges(ids) or 'none'}"
            raise UsageError(f"There is no instance '{id_}'.", hint)
    typed = Typed(value, [known[id_.casefold()] for id_ in named] or ids, everybody=not named)
    at = length(when) if when else kind.at
    return [{"fault": body, "at": at.total_seconds()} for body in kind.bodies(typed)]


def _refuse_what_does_not_fit(name: str, kind: Kind, value: str, named: list[str]) -> None:
    if kind.of_instances and not named:
        raise UsageError(f"Which instances? '{name}' is about some.", f"Such as: --fault 3={name}")
    if named and kind.of_instances is False:
        raise UsageError(f"'{name}' is not about single instances.", f"Such as: --fault {name}")
    if value and not kind.value:
        raise UsageError(f"'{name}' takes no value.", f"When it begins is said so: {name}@5m")


def _declared(fault: str) -> Json:
    try:
        return fields(json.loads(fault))
    except ValueError as error:
        raise UsageError(f"'{fault}' is no JSON.", 'Such as: {"kind": "slowBoot"}') from error


def _name(typed: str) -> str:
    """As it is listed: "badImage", as the simulated Azure spells it, is "bad-image"."""
    kebab = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in typed)
    return _ALSO.get(kebab.strip("-"), kebab.strip("-"))


def _unknown(name: str) -> UsageError:
    there = f"There are: {', '.join(KINDS)}."
    return UsageError(f"There is no fault '{name}'.", f"{near(name, KINDS)} {there}".strip())
