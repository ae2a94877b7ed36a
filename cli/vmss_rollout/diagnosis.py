"""What `doctor` looks at: each finding with what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from vmss_rollout import names
from vmss_rollout.app_context import KEY
from vmss_rollout.command_error import NOT_FOUND, CommandError
from vmss_rollout.keys import Key
from vmss_rollout.paths import SETS
from vmss_rollout.values import Json, counted, lines, part, spoken, text, words

if TYPE_CHECKING:
    from vmss_rollout.session import Session

_SETTINGS = "What it takes: docs/settings.md"
_ROLE = "Give it the role of docs/runbook.md#the-rights-the-apps-identity-needs"
_TO_KNOW = "Plans and rollouts do not need to know: they say which right was missing."
_GOOD_CLOCK = timedelta(seconds=30)


@dataclass(frozen=True)
class Finding:
    """What was looked at, and whether it is as it should be; None if that is not known. `fix` is
    what to do if it is not, or to know.
    """

    good: bool | None
    what: str
    fix: str = ""


def _good(what: str) -> Finding:
    return Finding(good=True, what=what)


def examine(session: "Session", scale_set: str) -> Iterator[Finding]:
    """Look at the app, and at a scale set if one is named. What cannot be asked ends it."""
    app, key = session.app, session.key
    yield _good(f"The app is {app.url}{f' (context {app.name})' if app.name else ''}.")
    yield _key(key)
    try:
        yield from _app(session)
        if scale_set:
            yield from _scale_set(session, scale_set)
    except CommandError as error:
        yield Finding(good=False, what=error.sentence, fix=error.next_step)


def _key(key: Key) -> Finding:
    if key.trouble:
        fix = f"Unlock it, or give the key in {KEY}."
        return Finding(good=False, what=key.trouble, fix=fix)
    return _good(f"The key is from {key.origin}." if key.origin else "No key is sent.")


def clock(ahead: timedelta) -> Finding:
    """Whether this machine's clock is that of the app: `ahead` is by how much it is ahead."""
    if abs(ahead) <= _GOOD_CLOCK:
        return _good("The clock of this machine is right.")
    way = "ahead of" if ahead > timedelta(0) else "behind"
    said = f"The clock of this machine is {spoken(abs(ahead))} {way} the app's."
    return Finding(
        good=False,
        what=said,
        fix="Set it: times that are shown are the app's, tokens need it right.",
    )


def _app(session: "Session") -> Iterator[Finding]:
    health: Json = session.client.get("/health")
    yield _good(f"It answers: version {text(health, 'version')}.")
    errors = lines(health, "errors")
    for error in errors:
        yield Finding(
            good=False,
            what=f"Setting {text(error, 'path')}: {text(error, 'message')}",
            fix=_SETTINGS,
        )
    if not errors:
        yield _good("Its settings are right.")
    for unwell in lines(health, "rollouts"):
        fix = f"Why: vmss-rollout why {text(unwell, 'id')}"
        yield Finding(
            good=False,
            what=f"{text(unwell, 'id')} stands still: {text(unwell, 'message')}",
            fix=fix,
        )
    for unwell in lines(health, "repairs"):
        said = f"{text(unwell, 'id')} left automatic repairs suspended: {text(unwell, 'message')}"
        fix = "The app tries again by itself; resume them by hand if it lasts."
        yield Finding(good=False, what=said, fix=fix)
    for unwell in lines(health, "news"):
        fix = "Rollouts go on all the same. See: vmss-rollout news"
        yield Finding(good=False, what=f"{text(unwell, 'id')}: {text(unwell, 'message')}", fix=fix)
    if not session.app.is_local and (at := session.client.date()):
        yield clock(session.now() - at)
    seen = session.client.listed(SETS)
    fix = "Give its identity the role VMSS Rollout there, and ROLLOUT_SCOPES its scope."
    yield Finding(good=bool(seen), what=f"It sees {counted(len(seen), 'scale set')}.", fix=fix)


def _scale_set(session: "Session", name: str) -> Iterator[Finding]:
    listed = names.scale_set(session.client, name)
    found: Json = session.client.get(names.path_of(listed))
    arm_id = text(found, "id") or listed  # a list has it in upper case
    yield _good(f"It may read {names.grouped(arm_id)} and its instances.")
    yield _rights(session, arm_id)
    yield _rollable(found)
    yield _health_source(found)
    mode = text(part(found, "upgradePolicy"), "mode")
    group, set_name = names.grouped(arm_id).split("/")
    fix = f"az vmss update -g {group} -n {set_name} --set upgradePolicy.mode=Manual"
    yield Finding(
        good=mode == "Manual", what=f"Its upgrade policy is {mode}.", fix=f"Set it: {fix}"
    )


def _rights(session: "Session", arm_id: str) -> Finding:
    """Whether its identity may do there what a rollout does; an older app cannot say."""
    name = names.grouped(arm_id)
    try:
        rights: Json = session.client.get(f"{names.path_of(arm_id)}/rights")
    except CommandError as error:
        if error.status != NOT_FOUND:
            raise
        rights = {"remark": "this version of the app does not say."}
    if not rights.get("known"):
        unknown = f"Whether it may change {name} is not known: {text(rights, 'remark')}"
        return Finding(good=None, what=unknown, fix=_TO_KNOW)
    missing = words(rights, "missing")
    if not missing:
        return _good(f"It may set the image of {name}, and upgrade its instances.")
    what = f"Its identity lacks {counted(len(missing), 'right')} on {name}: {', '.join(missing)}."
    return Finding(good=False, what=what, fix=f"{_ROLE}, or: {text(rights, 'grant')}")


def _rollable(found: Json) -> Finding:
    if found.get("rollable"):
        return _good("It can be rolled now.")
    lasting = "That stays so until somebody changes the scale set: docs/runbook.md has how."
    fix = lasting if found.get("lasting") else "That passes: try again later."
    return Finding(good=False, what=text(found, "reason"), fix=fix)


def _health_source(found: Json) -> Finding:
    source = text(found, "healthSource")
    fix = (
        "Add the Application Health extension or a load balancer probe. Without one, nobody sees "
        'a bad image: only a policy with "health": {"source": "powerState"} is accepted.'
    )
    what = f"Its health comes from: {source}."
    return Finding(good=source != "powerState", what=what, fix=fix)
