"""Histories that were recorded, and whether an orchestrator of today still follows them.

An instance that runs while a new version of the app is deployed is replayed by the new code. Where
that would act differently, Durable ends it: "Non-Deterministic workflow detected".
"""

import json
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import azure.durable_functions as df

from local.host.engine.turns import trigger_text
from local.host.replay import (
    Answer,
    Event,
    EventType,
    NonDeterministicWorkflow,
    answer_of,
    answer_of_failure,
    replay,
)
from local.host.store import Instance


def _nothing(_output: Any) -> None:
    """The outcome of any output: nothing in it is compared."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One orchestration that has ended, and all that happened in it."""

    instance: Instance
    history: tuple[Event, ...]

    def problem(
        self, orchestrator: Callable[..., Any], outcome: Callable[[Any], object] = _nothing
    ) -> str | None:
        """Why that function would have acted differently; None when it would not.

        `outcome` picks from an output what must be the same: an orchestrator that catches an error
        follows its history, but ends differently.
        """
        answer = self._replayed(orchestrator)
        if answer.error is not None and self.instance.status == "Completed":
            return f"it fails: {answer.error}"
        try:
            replay(self.history, answer.actions, self.instance.execution)
        except NonDeterministicWorkflow as error:
            return str(error)
        return self._other_end(answer, outcome)

    def _replayed(self, orchestrator: Callable[..., Any]) -> Answer:
        texts = [json.dumps(event) for event in self.history]
        handle: Callable[[str], str] = df.Orchestrator.create(orchestrator)
        try:
            with warnings.catch_warnings(action="ignore"):  # on Azure, the SDK's are only logged
                return answer_of(handle(trigger_text(self.instance, texts, replaying=True)))
        except Exception as error:  # noqa: BLE001 - user code may raise anything
            return answer_of_failure(str(error))

    def _other_end(self, answer: Answer, outcome: Callable[[Any], object]) -> str | None:
        outputs = (self.instance.output, answer.output)
        before, now = (outcome(json.loads(text or "null")) for text in outputs)
        if before is None or before == now:
            return None
        return f"it ended {before} then, and would be {now} now: {answer.output}"


_NOT_COMPARED = {EventType.TASK_SCHEDULED, EventType.CHILD_CREATED}


def _kept(event: Event) -> Event:
    """Without what Durable does not compare: inputs of activities, children and entities."""
    if event["EventType"] in _NOT_COMPARED:
        return {**event, "Input": None}
    if event["EventType"] == EventType.EVENT_SENT:
        asked = {"id": json.loads(event["Input"])["id"], "signal": True}
        return {**event, "Input": json.dumps(asked)}
    return event


def write(file: Path, recordings: list[Recording]) -> None:
    """A line per event, so that people can read what differs."""
    parts = [
        f'{{"instance": {json.dumps(asdict(recording.instance))}, "history": [\n'
        + ",\n".join(json.dumps(_kept(event)) for event in recording.history)
        + "\n]}"
        for recording in recordings
    ]
    file.write_text("[" + ",\n".join(parts) + "]\n", encoding="utf-8")


def read(file: Path) -> list[Recording]:
    """What `write` wrote."""
    return [
        Recording(Instance(**entry["instance"]), tuple(entry["history"]))
        for entry in json.loads(file.read_text(encoding="utf-8"))
    ]
