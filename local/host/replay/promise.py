"""The part of .NET's tasks that the extension's replay needs: eager, synchronous, no loop."""

from collections.abc import Callable, Coroutine, Generator, Iterable


class Promise:
    """Settled once, with success or failure; what waits for it goes on at once, in order."""

    __slots__ = ("_waiting", "settled", "succeeded")

    def __init__(self) -> None:
        self.settled = False
        self.succeeded = False
        self._waiting: list[Callable[[], None]] = []

    def settle(self, *, succeeded: bool = True) -> None:
        if self.settled:
            return
        self.settled, self.succeeded = True, succeeded
        for resume in self._waiting:
            resume()

    def then(self, resume: Callable[[], None]) -> None:
        if self.settled:
            resume()
        else:
            self._waiting.append(resume)

    def __await__(self) -> Generator["Promise", None, bool]:
        """True when it succeeded, False when it failed; a failure is not raised."""
        if not self.settled:
            yield self
        return self.succeeded


def fulfilled() -> Promise:
    """A promise that is settled already."""
    promise = Promise()
    promise.settle()
    return promise


def run(steps: Coroutine[Promise, None, bool]) -> Promise:
    """Run a coroutine until it has to wait; it goes on when what it awaits is settled."""
    result = Promise()

    def resume() -> None:
        try:
            awaited = steps.send(None)
        except StopIteration as end:
            result.settle(succeeded=end.value)
        else:
            awaited.then(resume)

    resume()
    return result


def all_of(promises: Iterable[Promise]) -> Promise:
    """Settled when ALL are, also after a failure: .NET's WhenAll waits for every task."""
    started = list(promises)

    async def each() -> bool:
        return all([await promise for promise in started])

    return run(each())


def any_of(promises: Iterable[Promise]) -> Promise:
    """Settled when the first one is."""
    first = Promise()
    for promise in promises:
        promise.then(first.settle)
    return first
