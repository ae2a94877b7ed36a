"""The one clock of the local system. Nothing in `local/` reads time from anywhere else."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time as the local host and the simulated Azure see it."""

    def now(self) -> datetime:
        """The current moment, in UTC."""
        ...

    def real_seconds_until(self, moment: datetime) -> float | None:
        """How long to wait for that moment, in real seconds; None when only a jump reaches it."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        ...


class ScaledClock:
    """Passes `speed` times faster than real time, from `start` on."""

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        if speed <= 0:
            raise ValueError(f"the clock's speed must be above 0, not {speed}")
        self.speed = speed
        self._start = start or datetime.now(UTC)
        self._began: float | None = time.monotonic()

    def now(self) -> datetime:
        real_seconds = 0 if self._began is None else time.monotonic() - self._began
        return self._start + timedelta(seconds=real_seconds * self.speed)

    @contextmanager
    def held(self) -> Generator[None]:
        """No time passes while in this context; nobody may use the clock yet when it is entered."""
        self._start, self._began = self.now(), None
        try:
            yield
        finally:
            self._began = time.monotonic()

    def real_seconds_until(self, moment: datetime) -> float | None:
        return max(0.0, (moment - self.now()).total_seconds() / self.speed)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.speed)


class ManualClock:
    """Stands still until it is moved: for tests, which skip time instead of waiting for it."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._now = start
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return self._now

    def real_seconds_until(self, moment: datetime) -> float | None:
        return 0.0 if moment <= self._now else None

    def sleep(self, seconds: float) -> None:
        """Who sleeps moves it: nobody waits for anything."""
        self.advance(timedelta(seconds=seconds))

    def advance(self, by: timedelta) -> None:
        self.jump(self._now + by)

    def jump(self, to: datetime) -> None:
        """Move forward to that moment; the clock never steps back."""
        self._now = max(self._now, to)
        for listener in self._listeners:
            listener()

    def on_jump(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every move, on the thread that moved the clock."""
        self._listeners.append(listener)
