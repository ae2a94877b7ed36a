"""What would have happened: as a document for programs, and as people read it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.console import Group, RenderableType
from rich.text import Text

from vmss_rollout import exits, images
from vmss_rollout.names import group
from vmss_rollout.plan import ranges
from vmss_rollout.rehearsal.copied import Copied
from vmss_rollout.rehearsal.timings import Timings
from vmss_rollout.table import Column, Table
from vmss_rollout.terminal.icons import label, of_phase
from vmss_rollout.values import Json, counted, lines, moment, number, part, spoken, text, words
from vmss_rollout.view import View, place

_BATCH = {"batchStarted", "batchFinished", "upgradeSent", "waiting", "planned"}
"""Events that the table of batches tells."""
_ENDED = "dfrkga"
"""The cells of instances with which a batch is through."""
_SHOWN_SUBSCRIPTION = 8


@dataclass(frozen=True)
class Report:
    """The report of the rehearsal, and what it was made of. `plan` is the app's own plan of the
    real scale set, {} offline; `command` is what starts the rollout, and `policy` what it has.
    """

    copied: Copied
    timings: Timings
    faults: list[str]
    answer: Json
    plan: Json
    command: str
    policy: Json

    @property
    def view(self) -> View:
        return View.of_rollout(part(self.answer, "rollout"))

    @property
    def code(self) -> int:
        """The exit code that the rollout itself would have ended with."""
        return exits.of_phase(self.view.phase) if self.view.ended else exits.WAITS

    @property
    def remarks(self) -> list[str]:
        """What is not as it is there."""
        own = lines(part(self.answer, "plan"), "batches")
        remarks = [*self.copied.remarks, *_not_called(self.policy)]
        if self.plan and _batches_of(lines(self.plan, "batches")) != _batches_of(own):
            remarks += [
                "The app's plan of the real scale set has other batches than that of the copy."
            ]
        return remarks

    @property
    def took(self) -> timedelta:
        """From its start to its end, or until it waited."""
        view = self.view
        return (view.finished_at or view.updated_at or _EPOCH) - (view.started_at or _EPOCH)

    @property
    def _size(self) -> str:
        return counted(len(self.copied.machines), "instance")

    def document(self) -> Json:
        """Everything, for programs."""
        view = self.view
        return {
            "scaleSet": self.copied.arm_id,
            "copiedFrom": self.copied.origin,
            "notAsThere": self.remarks,
            "faults": self.faults,
            "upgradeSeconds": self.timings.upgrade.takes.total_seconds(),
            "upgradeSource": self.timings.upgrade.source,
            "bootSeconds": self.timings.boot.takes.total_seconds(),
            "bootSource": self.timings.boot.source,
            "phase": view.phase,
            "message": view.message,
            "exitCode": self.code,
            "seconds": self.took.total_seconds(),
            "rolledBack": _rolled_back(self.answer),
            "mostDown": number(part(self.answer, "azure"), "peakDown"),
            "mostDownByUpdateDomain": part(part(self.answer, "azure"), "peakDownByUpdateDomain"),
            **self.answer,
        }

    def printed(self) -> RenderableType:
        """For people."""
        return Group(
            *self._head(),
            "",
            *self._batches(),
            _phase_table(_phases(lines(self.answer, "events")), self.view.started_at),
            "",
            *self._end(),
            "",
            *(Text(remark, "dim") for remark in self._origins()),
            *(Text(f"Warning: {said}", "yellow") for said in self._warnings()),
            *self._next_step(),
        )

    def _head(self) -> Iterator[Text]:
        parts = self.copied.arm_id.split("/")
        where = f"resource group {group(parts[4])}, subscription {_short(parts[2])}"
        view = self.view
        yield Text(f"Rehearsal of {parts[8]} ({where})", "bold")
        yield Text(images.change(view.before, view.after, "→"))
        yield Text(f"{self._size}, copied from {self.copied.origin}.")
        if self.faults:
            yield Text(f"What goes wrong: {', '.join(self.faults)}", "yellow")

    def _batches(self) -> Iterator[RenderableType]:
        timeline = lines(part(self.answer, "rollout"), "timeline")
        if begun := [batch for batch in timeline if moment(batch, "beganAt")]:
            yield _batch_table(begun, self._results())
            yield from self._failures()
            yield ""

    def _results(self) -> dict[int, Json]:
        """By the number of a batch: what the log says of its end."""
        finished = (
            part(event, "evidence")
            for event in lines(self.answer, "events")
            if text(event, "kind") == "batchFinished"
        )
        return {number(evidence, "number"): evidence for evidence in finished}

    def _failures(self) -> Iterator[Text]:
        """Each reason once, with the instances it is about."""
        for batch, evidence in self._results().items():
            reasons: dict[str, list[str]] = defaultdict(list)
            for id_ in part(evidence, "reasons"):
                reasons[text(part(evidence, "reasons"), id_)].append(id_)
            for reason, ids in reasons.items():
                named = f"instance{'s' if len(ids) > 1 else ''} {ranges(ids)}"
                yield Text(f"Batch {batch}, {named}: {reason}", "red")

    def _end(self) -> Iterator[Text]:
        view, azure = self.view, part(self.answer, "azure")
        unhealthy = sum(machine.health == "unhealthy" for machine in self.copied.machines)
        before = f" (unhealthy before: {unhealthy})" if unhealthy else ""
        yield Text(
            f"At the worst moment {number(azure, 'peakDown')} of {self._size} "
            f"{'was' if number(azure, 'peakDown') == 1 else 'were'} down because of it{before}."
        )
        for violation in words(azure, "violations"):
            yield Text(f"A rule was broken: {violation}", "bold red")
        yield Text(f"{view.phase} after {spoken(self.took)}", of_phase(view.phase).style)
        yield Text(view.message)
        if not view.ended:
            if view.needed:
                yield Text(view.needed, "yellow")
            approves = "--approve approves at once; " if "approve" in view.verbs else ""
            yield Text(f"It waits for somebody: {', '.join(view.verbs)}.")
            yield Text(f"{approves}--keep-waiting plays that nobody comes.")

    def _origins(self) -> Iterator[str]:
        yield str(self.timings)
        yield from self.remarks

    def _warnings(self) -> list[str]:
        return words(self.plan or part(self.answer, "plan"), "warnings")

    def _next_step(self) -> Iterator[Text]:
        yield Text("")
        yield Text("This was a rehearsal: nothing was changed. To start it:", "dim")
        yield Text(self.command, no_wrap=True, overflow="ignore")


_EPOCH = datetime.min.replace(tzinfo=UTC)


def _not_called(policy: Json) -> Iterator[str]:
    """What the rehearsal has left out, because it would have reached somebody."""
    gates, hooks = (
        [text(each, "name") for each in lines(policy, what)] for what in ("gates", "hooks")
    )
    asked = f"its gates ({', '.join(gates)}) were not asked" if gates else ""
    called = f"its hooks ({', '.join(hooks)}) {'' if gates else 'were '}not called" if hooks else ""
    if said := ", and ".join(filter(None, [asked, called])):
        yield f"{said[0].upper()}{said[1:]}: a rehearsal reaches nobody."


def _short(subscription: str) -> str:
    return f"{subscription[:_SHOWN_SUBSCRIPTION]}…"


def _batches_of(batches: list[Json]) -> list[tuple[str, bool, list[str]]]:
    return [
        (place(batch), bool(batch.get("canary")), words(batch, "instanceIds")) for batch in batches
    ]


def _rolled_back(answer: Json) -> bool:
    return any(text(event, "kind") == "rollingBack" for event in lines(answer, "events"))


def _batch_table(done: list[Json], results: dict[int, Json]) -> Table:
    return Table(
        [
            Column("BATCH", [text(batch, "number") for batch in done], right=True),
            Column("BEGAN", [_clock(moment(batch, "beganAt")) for batch in done]),
            Column("TOOK", [_took(batch) for batch in done], right=True),
            Column("WHERE", [place(batch) for batch in done], 5),
            Column("", [_kind(batch) for batch in done], 6),
            Column("RESULT", [_result(batch, results) for batch in done]),
            Column(
                "INSTANCES", [ranges(words(batch, "instanceIds")) for batch in done], folds=True
            ),
        ]
    )


def _kind(batch: Json) -> str:
    return "back" if batch.get("rollingBack") else "canary" if batch.get("canary") else ""


def _took(batch: Json) -> str:
    began, ended = moment(batch, "beganAt"), moment(batch, "endedAt")
    return spoken(ended - began) if began and ended else ""


def _result(batch: Json, results: dict[int, Json]) -> str:
    cells = text(results.get(number(batch, "number"), batch), "cells")
    counted = [(cells.count(cell), label(cell)) for cell in _ENDED]
    return ", ".join(f"{count} {word}" for count, word in counted if count) or "not ended"


def _phases(events: list[Json]) -> list[Json]:
    """Those that neither the table of batches tells nor the end."""
    elsewhere = {*_BATCH, "finished"}
    return [
        event
        for event in events
        if text(event, "kind") not in elsewhere
        and part(event, "evidence").get("changed") is not False
    ]


def _phase_table(shown: list[Json], began: datetime | None) -> Table:
    at = [moment(event, "at") for event in shown]
    return Table(
        [
            Column("WHEN", [_clock(when) for when in at]),
            Column(
                "AFTER",
                [spoken(when - began) if when and began else "" for when in at],
                5,
                right=True,
            ),
            Column("WHAT", [text(event, "message") for event in shown], folds=True),
        ]
    )


def _clock(at: datetime | None) -> str:
    return f"{at:%H:%M:%S}" if at else ""
