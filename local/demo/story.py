"""The demo from start to end: build a scale set, roll it, watch, say what happened."""

import threading
from datetime import timedelta

from rich.console import Console

from local.demo.calls import Api, Calls
from local.demo.example import NAME, RESOURCE_GROUP, TARGET, Example
from local.demo.summary import failure, summary
from local.demo.truth import Truth
from local.system import System
from rollout.run import RolloutView
from vmss_rollout.terminal.show import show_on
from vmss_rollout.view import View

_BETWEEN_LOOKS = timedelta(seconds=5)
_SHORTEST_PAUSE_SECONDS = 0.1


class Demo:
    """One run against a system that is up."""

    def __init__(self, system: System, example: Example, console: Console) -> None:
        self._system = system
        self._example = example
        self._console = console

    def run(self) -> str | None:
        """Why it has not succeeded, or None. Raises Refused or httpx.HTTPError when a call goes
        wrong.
        """
        with Calls(f"{self._system.arm_url}/_sim") as azure, Api(self._system.api_url) as api:
            scale_set_id = self._build(azure)
            image, policy = {"version": TARGET.version}, self._example.policy
            order = {"scaleSet": scale_set_id, "image": image, "policy": policy}
            view = self._watch(api, api.start(order), _Alert(azure, scale_set_id))
            truth = _truth(azure)
            self._console.print("", summary(api.events(view.id), truth), "", sep="\n")
            return failure(view, truth)

    def _build(self, azure: Calls) -> str:
        scale_set_id = azure.post("/scale-sets", self._example.scale_set)["id"]
        azure.post("/images", self._example.image)
        if fault := self._example.fault_body:
            azure.post("/faults", fault)
        return str(scale_set_id)

    def _watch(self, api: Api, rollout_id: str, alert: "_Alert") -> RolloutView:
        with show_on(self._console) as show:
            while True:
                body = api.view(rollout_id)
                show.update(View.of_rollout(body))
                view = RolloutView.from_json(body)
                if self._example.alert:
                    alert.fire_in_second_batch(view)
                if view.phase.ended:
                    return view
                self._pause()

    def _pause(self) -> None:
        """Look again after a while of simulated time, but not so often that looking is all that
        gets done. An event nobody sets: Ctrl-C still ends the wait.
        """
        clock = self._system.clock
        seconds = clock.real_seconds_until(clock.now() + _BETWEEN_LOOKS) or 0
        threading.Event().wait(max(_SHORTEST_PAUSE_SECONDS, seconds))


class _Alert:
    """An alert of Azure Monitor on the scale set, which fires once."""

    def __init__(self, azure: Calls, scale_set_id: str) -> None:
        self._azure = azure
        self._body = {"rule": "checkout errors", "resource": scale_set_id, "severity": "Sev1"}
        self._fired = False

    def fire_in_second_batch(self, view: RolloutView) -> None:
        if not self._fired and view.counts.done and view.counts.in_progress:
            self._azure.post("/alerts", self._body)
            self._fired = True


def _truth(azure: Calls) -> Truth:
    truth = azure.get(f"/scale-sets/{RESOURCE_GROUP}/{NAME}")
    target = ":".join(TARGET.model_dump(exclude_none=True).values())
    return Truth.of(truth, target, len(azure.get("/requests")))
