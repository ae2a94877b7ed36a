"""Histories that were recorded, and whether an orchestrator of today still follows them.

A rollout that runs while a new version of the app is deployed is replayed by the new code. Where
that would do something else than was done, Durable ends it: "Non-Deterministic workflow detected".
"""

import json
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import azure.durable_functions as df

from local.host.actions import Answer, answer_of, answer_of_failure
from local.host.history import Event, EventType
from local.host.instances import Instance
from local.host.replay import NonDeterministicWorkflow, replay
from local.host.turns import trigger_text


@dataclass(frozen=True, slots=True)
class Recording:
    """One orchestration that has ended, and all that happened in it."""

    instance: Instance
    history: tuple[Event, ...]

    def problem(self, orchestrator: Callable[..., Any]) -> str | None:
        """Why that function would not have done the same; None when it would have."""
        answer = self._replayed(orchestrator)
        if answer.error is not None and self.instance.status == "Completed":
            return f"it fails: {answer.error}"
        try:
            replay(self.history, answer.actions, self.instance.execution)
        except NonDeterministicWorkflow as error:
            return str(error)
        return self._other_end(answer)

    def _replayed(self, orchestrator: Callable[..., Any]) -> Answer:
        texts = [json.dumps(event) for event in self.history]
        handle: Callable[[str], str] = df.Orchestrator.create(orchestrator)
        try:
            with warnings.catch_warnings(action="ignore"):  # on Azure, the SDK's are only logged
                return answer_of(handle(trigger_text(self.instance, texts, replaying=True)))
        except Exception as error:  # noqa: BLE001 - user code may raise anything
            return answer_of_failure(str(error))

    def _other_end(self, answer: Answer) -> str | None:
        """A rollout catches what nobody foresaw, and then ends in another phase."""
        before, now = (_phase(text) for text in (self.instance.output, answer.output))
        if before is None or before == now:
            return None
        return f"it ended {before} then, and would be {now} now: {answer.output}"


def _phase(output: str | None) -> str | None:
    """Only a rollout's own output has one."""
    match json.loads(output or "null"):
        case {"phase": str(phase)}:
            return phase
        case _:
            return None


_NOT_COMPARED = {EventType.TASK_SCHEDULED, EventType.CHILD_CREATED}


def _kept(event: Event) -> Event:
    """Without what Durable does not compare: what was asked of activities and of others."""
    if event["EventType"] in _NOT_COMPARED:
        return {**event, "Input": None}
    if event["EventType"] == EventType.EVENT_SENT:
        asked = {"id": json.loads(event["Input"])["id"], "signal": True}
        return {**event, "Input": json.dumps(asked)}
    return event


def write(file: Path, recordings: list[Recording]) -> None:
    """A line per event, so that people can read what differs."""
    parts = [
        f'{{"instance": {json.dumps(asdict(one.instance))}, "history": [\n'
        + ",\n".join(json.dumps(_kept(event)) for event in one.history)
        + "\n]}"
        for one in recordings
    ]
    file.write_text("[" + ",\n".join(parts) + "]\n", encoding="utf-8")


def read(file: Path) -> list[Recording]:
    """What `write` wrote."""
    return [
        Recording(Instance(**one["instance"]), tuple(one["history"]))
        for one in json.loads(file.read_text(encoding="utf-8"))
    ]
