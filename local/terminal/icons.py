"""How every phase and every cell looks: the one table for screen, line and legend."""

from dataclasses import dataclass

from rollout.base import Cell, Phase


@dataclass(frozen=True)
class Icon:
    """One column wide. Icons differ in shape and letters, so colour is never the only signal."""

    symbol: str
    ascii: str
    style: str

    def shown(self, *, ascii_only: bool) -> str:
        """The symbol, or its stand-in where the terminal cannot show it."""
        return self.ascii if ascii_only else self.symbol


CELLS = {
    Cell.PENDING: Icon("·", Cell.PENDING, "white on grey30"),
    Cell.UPGRADING: Icon("↑", Cell.UPGRADING, "white on blue"),
    Cell.CHECKING: Icon("?", Cell.CHECKING, "black on yellow"),
    Cell.SETTLING: Icon("≈", Cell.SETTLING, "black on cyan"),
    Cell.DONE: Icon("✓", Cell.DONE, "black on green"),
    Cell.FAILED: Icon("✗", Cell.FAILED, "bold white on red"),
    Cell.SKIPPED: Icon("/", Cell.SKIPPED, "dim"),
    Cell.GONE: Icon("∅", Cell.GONE, "dim"),
    Cell.ROLLED_BACK: Icon("↶", Cell.ROLLED_BACK, "white on magenta"),
    Cell.ABORTED: Icon("■", Cell.ABORTED, "white on magenta"),
}

PHASES = {
    Phase.PENDING: Icon("○", ".", "dim"),
    Phase.PROGRESSING: Icon("▶", ">", "bold blue"),
    Phase.PAUSED: Icon("‖", "=", "bold yellow"),
    Phase.AWAITING_APPROVAL: Icon("?", "?", "bold yellow"),
    Phase.ROLLING_BACK: Icon("◀", "<", "bold magenta"),
    Phase.SUCCEEDED: Icon("✓", "+", "bold green"),
    Phase.ROLLED_BACK: Icon("↶", "<", "bold magenta"),
    Phase.ABORTED: Icon("■", "#", "bold yellow"),
    Phase.FAILED: Icon("✗", "x", "bold red"),
}
