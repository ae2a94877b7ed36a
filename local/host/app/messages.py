"""What the host and the process that runs the app send each other; all of it can be pickled.

Exceptions cross as texts: the classes of the app's own are not known to the host.
"""

import traceback
from dataclasses import dataclass
from enum import StrEnum
from logging import LogRecord

from azure.functions.meta import Datum

from local.host.app.runtime import Indexed, Inputs


class Moment(StrEnum):
    """When in an invocation the process dies. For an activity: before its side effect, and after
    it but before the answer.
    """

    BEFORE = "before the function runs"
    AFTER = "after it has run, before its answer is sent"


@dataclass(frozen=True, slots=True)
class Invoke:
    """To the process: run a function. `dies` is for tests: the process kills itself then."""

    number: int
    function: str
    inputs: Inputs
    dies: Moment | None


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception: its class's name, its own text, and its traceback."""

    kind: str
    text: str
    trace: str

    @classmethod
    def of(cls, error: BaseException) -> "Raised":
        trace = "".join(traceback.format_exception(error))
        return cls(type(error).__name__, str(error), trace)

    def exception(self) -> Exception:
        """An exception with the same text, of a class with the same name (but not the same class);
        its note is the traceback.
        """
        error: Exception = type(self.kind, (Exception,), {})(self.text)
        error.add_note(self.trace)
        return error


@dataclass(frozen=True, slots=True)
class Answered:
    """From the process: how an invocation ended."""

    number: int
    outcome: Datum | Raised | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """From the process, once: the functions of the app, or why it cannot be loaded."""

    outcome: list[Indexed] | Raised


type FromProcess = Loaded | Answered | LogRecord
