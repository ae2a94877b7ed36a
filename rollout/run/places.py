"""Says in one sentence what the instances run when a rollout ends, each instance in one place."""

from dataclasses import dataclass

from rollout.base import capitalized, named
from rollout.inventory import Image, UsedHealthSource
from rollout.run.final_state import FinalState


def health_claim(source: UsedHealthSource | None) -> str:
    """What is said of instances that are healthy by that source."""
    running = source == "powerState"
    return "are running (nobody reports their health)" if running else "are healthy"


@dataclass(frozen=True)
class Places:
    """The instances of a rollout to that image, and by what their health is judged; `back` if it
    was to go back.
    """

    state: FinalState
    target: Image | None
    source: UsedHealthSource | None
    back: bool = False

    def after_forward(self) -> str:
        """Of everything that ended on its way forward, or in the middle of a rollback."""
        return _sentence([*self._on_target(), *self._not_on_target()])

    def after_rollback(self) -> str:
        """Of a rollback that is complete."""
        state = self.state
        run = "had gone back to" if state.unread else "run"
        healthy = f"{len(state.returned)} instance(s) {run} the image they had and {self._claim}"
        not_healthy = f"{len(state.returned_not_healthy)} instance(s) run it and are not healthy"
        parts = [healthy] if state.returned else []
        if state.returned_not_healthy:
            parts.append(f"{not_healthy}: {named(state.returned_not_healthy)}")
        return "; ".join([*(parts or ["No instance had to be put back"]), *self._gone()]) + "."

    @property
    def _claim(self) -> str:
        claim = health_claim(self.source)
        return f"had been {claim.removeprefix('are ')}" if self.state.unread else claim

    def _on_target(self) -> list[str]:
        """The first part names the image."""
        state = self.state
        groups = [
            (state.healthy, self._claim),
            (state.unhealthy, "are unhealthy"),
            (state.unknown, "nobody knows whether they are healthy"),
            (state.off, "are switched off"),
        ]
        parts: list[str] = []
        for ids, condition in groups:
            if ids:
                names = "" if ids is state.healthy and not self.back else f": {named(ids)}"
                image = "it" if parts else str(self.target)
                parts.append(f"{len(ids)} instance(s) {self._run} {image} and {condition}{names}")
        nobody = [] if state.untouched or state.unread else [f"no instance runs {self.target}"]
        return parts or nobody

    @property
    def _run(self) -> str:
        return "had come to" if self.state.unread else "run"

    def _not_on_target(self) -> list[str]:
        state = self.state
        back = [*state.returned, *state.returned_not_healthy]
        elsewhere = "" if state.unread else " and are not on it"
        doing = "way back" if self.back else "upgrade"
        run = "still run it" if self.back else "run it by now"
        by_now = f" ({len(state.arrived)} of them {run})" if state.arrived else ""
        groups = [
            (back, _were(back, "rolled back")),
            (state.returned_not_healthy, "of these, not healthy"),
            (state.unfinished, _were(state.unfinished, f"left in the middle of their {doing}")),
            (state.failed, f"{len(state.failed)} failed{elsewhere}"),
            (state.elsewhere, f"{len(state.elsewhere)} run another image by now"),
            (state.skipped, _were(state.skipped, "skipped")),
        ]
        parts = [
            f"{what}: {named(ids)}{by_now if ids is state.unfinished else ''}"
            for ids, what in groups
            if ids
        ]
        untouched = [_were(state.untouched, "not touched")] if state.untouched else []
        return [*parts, *self._gone(), *untouched]

    def _gone(self) -> list[str]:
        gone = self.state.gone
        count = _count(gone, "no longer exists", "no longer exist")
        return [f"{count}: {named(gone)}"] if gone else []


def _sentence(parts: list[str]) -> str:
    text = "; ".join(parts)
    return f"{capitalized(text)}." if text else ""


def _count(ids: list[str], singular: str, plural: str) -> str:
    return f"{len(ids)} {singular if len(ids) == 1 else plural}"


def _were(ids: list[str], what: str) -> str:
    return f"{_count(ids, 'was', 'were')} {what}"
