"""What a step is told to do, from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

USAGE = 2
COMMANDS = ("plan", "start", "wait")
_UNSET = re.compile(r"\$\([\w.-]+\)")
"""What Azure Pipelines leaves of a variable that is not set."""
_SETTING = re.compile(r"[A-Za-z][\w.]*=.*")


class InputError(Exception):
    """An input that cannot be meant; as a usage error of the command."""

    code = USAGE


@dataclass(frozen=True)
class Inputs:
    """The inputs of the action, the parameters of the template. "" is not given."""

    command: str
    app: str
    scope: str
    fleet: str
    scale_set: str
    image: str
    policy: str
    preset: str
    settings: tuple[str, ...]
    plan: str
    id: str
    reason: str
    comment: bool
    wait: bool
    keep_waiting: bool

    @property
    def subject(self) -> str:
        """What is rolled: a scale set, or the file of a fleet rollout."""
        return self.fleet or self.scale_set

    @property
    def group(self) -> tuple[str, ...]:
        """The words before the command's verbs."""
        return ("fleet",) if self.fleet else ()

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Raises InputError with what is wrong, and what to do about it."""

        def given(name: str) -> str:
            return _given(environ, f"INPUT_{name}")

        _given(environ, "VMSS_ROLLOUT_KEY")
        inputs = cls(
            command=given("COMMAND") or "plan",
            app=given("APP"),
            scope=given("SCOPE"),
            fleet=given("FLEET"),
            scale_set=given("SCALE_SET"),
            image=given("IMAGE"),
            policy=given("POLICY"),
            preset=given("PRESET"),
            settings=tuple(filter(None, map(str.strip, given("SET").splitlines()))),
            plan=given("PLAN"),
            id=given("ID"),
            reason=given("REASON"),
            comment=_switch(given("COMMENT"), "comment", default=True),
            wait=_switch(given("WAIT"), "wait", default=True),
            keep_waiting=_switch(given("KEEP_WAITING"), "keep-waiting", default=False),
        )
        inputs._refuse_what_is_missing()
        return inputs

    def _refuse_what_is_missing(self) -> None:
        if self.command not in COMMANDS:
            raise InputError(
                f"The command is {self.command!r}: it must be {', '.join(COMMANDS[:-1])} or "
                f"{COMMANDS[-1]}."
            )
        needed = {"app": self.app}
        if self.command == "wait":
            needed |= {"id": self.id}
        elif self.fleet:
            self._refuse_what_the_file_says()
        else:
            needed |= {"scale set": self.scale_set, "image": self.image}
        if missing := [name for name, value in needed.items() if not value]:
            raise InputError(f"{self.command} needs the {' and the '.join(missing)}.")
        if wrong := [field for field in self.settings if not _SETTING.fullmatch(field)]:
            raise InputError(f"{wrong[0]!r} sets nothing: it must be like approval=start.")

    def _refuse_what_the_file_says(self) -> None:
        given = {
            "scale set": self.scale_set,
            "image": self.image,
            "policy": self.policy,
            "preset": self.preset,
            "set": self.settings,
        }
        if twice := [name for name, value in given.items() if value]:
            raise InputError(
                f"The {' and the '.join(twice)} of a fleet rollout stand in {self.fleet}: "
                "leave them out."
            )


def _given(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if _UNSET.fullmatch(value):
        raise InputError(
            f"The variable {value} is not set: pipelines of forks get no secrets, and a variable "
            "group must be named by the pipeline."
        )
    return value


def _switch(value: str, name: str, *, default: bool) -> bool:
    if value.casefold() in {"true", "false"}:
        return value.casefold() == "true"
    if value:
        raise InputError(f"{name} is {value!r}: it must be true or false.")
    return default
