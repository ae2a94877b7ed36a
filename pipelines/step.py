"""One step: plans, starts or waits, says what came of it, and ends with the command's exit code."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from pipelines import markdown
from pipelines.command import NAME, Command, Done
from pipelines.inputs import Inputs
from pipelines.service import CommentError, Service

SUCCEEDED, WAITS, INTERRUPTED = 0, 5, 130
_ENDS = {1: "failed", 3: "was rolled back", 4: "was aborted"}


@dataclass(frozen=True)
class Step:
    """What is to be done, with what, and who is told."""

    inputs: Inputs
    command: Command
    service: Service

    def run(self) -> int:
        """Do it; returns the exit code."""
        id_ = self.inputs.id or self._made_id()
        try:
            code = self._done(id_)
        except KeyboardInterrupt:
            return self._cancelled(id_)
        self.service.output("exit-code", str(code))
        return code

    def _done(self, id_: str) -> int:
        match self.inputs.command:
            case "plan":
                return self._plan()
            case "start":
                return self._start(id_)
            case _:
                return self._wait(id_)

    def _plan(self) -> int:
        inputs, page_of = self.inputs, markdown.fleet_plan if self.inputs.fleet else markdown.plan
        done = self.command.call(*inputs.group, "plan", *self._request())
        if done.code:
            page = markdown.refusal(inputs.subject, inputs.image, done.said)
            self._complain(done)
        else:
            page = page_of(inputs.subject, done.answer)
            self.service.output("plan", str(done.answer.get("fingerprint", "")))
        self.service.summary(page)
        if inputs.comment:
            self._comment(page)
        return done.code

    def _comment(self, page: str) -> None:
        planned = hashlib.sha256(self.inputs.subject.encode()).hexdigest()[:16]
        try:
            if not self.service.comment(page, f"<!-- vmss-rollout plan {planned} -->"):
                self.service.line("There is no pull request: the plan is on the page of this run.")
        except CommentError as error:
            self.service.warning(f"The pull request was not commented: {error}")

    def _start(self, id_: str) -> int:
        options = {"plan": self.inputs.plan, "reason": self.inputs.reason or self.service.link}
        named = {"id": id_, "by": self.service.who, **options}
        given = [f"--{name}={value}" for name, value in named.items() if value]
        self.service.output("id", id_)
        done = self.command.call(*self.inputs.group, "start", "--yes", *given, *self._request())
        if done.code:
            self._complain(done)
            return done.code
        self.service.line(f"Started {id_}.")
        return self._wait(id_) if self.inputs.wait else SUCCEEDED

    def _wait(self, id_: str) -> int:
        options = ["--keep-waiting"] if self.inputs.keep_waiting else []
        words = [*self.inputs.group, "watch", "--output=json", *options, "--", id_]
        done = self.command.call(*words)
        view = done.answer
        self.service.output("id", str(view.get("id", id_)))
        for name in ("phase", "message"):
            self.service.output(name, str(view.get(name, "")))
        if view:
            unit = "scale set" if self.inputs.fleet else "instance"
            self.service.summary(markdown.outcome(view, unit))
        if done.code:
            self._say_how_it_ended(id_, done)
        return done.code

    def _say_how_it_ended(self, id_: str, done: Done) -> None:
        message = str(done.answer.get("message", ""))
        if done.code in _ENDS and message:
            self.service.error(f"{id_} {_ENDS[done.code]}: {message}")
        elif done.code == WAITS:
            self.service.error(
                f"{id_} waits for somebody: {message}. When it has been answered, "
                f"wait again (command: wait, id: {id_}), or: {self._name} watch {id_}"
            )
        else:
            self._complain(done)
            self.service.warning(f"{id_} may go on. Come back: {self._name} watch {id_}")

    def _complain(self, done: Done) -> None:
        self.service.error(done.said or f"vmss-rollout ended with {done.code}, and gave no reason.")

    def _cancelled(self, id_: str) -> int:
        """Nobody meant to end a rollout by ending a pipeline: that is what abort is for."""
        if self.inputs.command != "plan":
            self.service.warning(
                f"The pipeline was cancelled; if {id_} was started, it goes on in the app. "
                f"Come back: {self._name} watch {id_}, or run this step with command: wait and "
                f"id: {id_}. To end it: {self._name} abort {id_}"
            )
        return INTERRUPTED

    def _request(self) -> list[str]:
        """What is wanted, for plan and start alike. After `--`, nothing is an option."""
        inputs = self.inputs
        if inputs.fleet:
            return ["--output=json", "--", inputs.fleet]
        policy = [f"--policy={inputs.policy}"] if inputs.policy else []
        preset = [f"--preset={inputs.preset}"] if inputs.preset else []
        fields = [f"--set={field}" for field in inputs.settings]
        options = [*policy, *preset, *fields, "--output=json"]
        return [*options, "--", inputs.scale_set, inputs.image]

    @property
    def _name(self) -> str:
        return " ".join([NAME, *self.inputs.group])

    def _made_id(self) -> str:
        """One id per run and try of the pipeline: two never start under the same."""
        last = self.inputs.subject.rpartition("/")[2]
        name = re.sub(r"[^A-Za-z0-9.-]", "-", Path(last).stem if self.inputs.fleet else last)
        return f"{name.strip('-.')[:60] or 'rollout'}-{self.service.run}"
