"""How long things take: in the app's time, which a local system lets pass faster, and in ours."""

from dataclasses import dataclass

from acceptance.calls import Json

_LONGEST_REAL_WAIT = 600.0


@dataclass(frozen=True)
class Pace:
    """`speed`: how many seconds pass for the app in a real one; 1 in Azure. `slow` when instances
    are real ones, whose upgrades take minutes.
    """

    speed: float = 1
    slow: bool = False

    def duration(self, app: float, real: float) -> str:
        """ISO 8601: that many seconds of the app's time, but at least `real` seconds of ours, so
        that a fast clock does not run away from a busy machine.
        """
        return f"PT{round(max(app, real * self.speed))}S"

    @property
    def look(self) -> float:
        """Real seconds between two looks of ours at a rollout."""
        return 10.0 if self.slow else 2.0 if self.speed < 10 else 0.4  # noqa: PLR2004

    @property
    def patience(self) -> float:
        """Real seconds in which a rollout must have come to its next halt, or to its end."""
        if self.slow:
            return 3600.0
        return max(120.0, _LONGEST_REAL_WAIT / self.speed)

    @property
    def appearance(self) -> float:
        """Real seconds in which what was promised by a 202 must be there: several polls of a queue
        by another worker, of up to 10 s each.
        """
        return 60.0 if self.speed < 10 else 20.0  # noqa: PLR2004

    def policy(self, **rules: object) -> Json:
        """For simulated instances: half of them at a time, looked at often. For real ones, the
        defaults, and few instances at a time.
        """
        limits: Json = {
            "approvalTimeout": self.duration(43_200, 900),
            "decisionTimeout": self.duration(43_200, 900),
            "deadline": self.duration(86_400, 1_800),
        }
        if self.slow:
            return limits | {"maxBatchInstances": "5%"} | rules
        health = {
            "interval": self.duration(2, 0.3),
            "stable": self.duration(4, 0.6),
            "timeout": self.duration(60, 15),
        }
        return limits | {"maxBatchInstances": "50%", "health": health} | rules

    def scale_set(self) -> Json:
        """How fast simulated instances upgrade and boot."""
        return {
            "upgradeDuration": self.duration(4, 0.6),
            "bootDuration": self.duration(2, 0.3),
            "modelUpdateDuration": self.duration(1, 0.1),
            "retryAfterModel": max(1, round(self.speed * 0.1)),
        }
