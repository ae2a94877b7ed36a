"""How every phase and every cell looks: the one table for screen, line and legend."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Icon:
    """One column wide. Icons differ in shape and letters, so colour is never the only signal."""

    symbol: str
    ascii: str
    style: str
    label: str = ""

    def shown(self, *, ascii_only: bool) -> str:
        """The symbol, or its stand-in where the terminal cannot show it."""
        return self.ascii if ascii_only else self.symbol


CELLS = {
    "p": Icon("·", "p", "white on grey30", "pending"),
    "u": Icon("↑", "u", "white on blue", "upgrading"),
    "c": Icon("?", "c", "black on yellow", "checking"),
    "s": Icon("≈", "s", "black on cyan", "settling"),
    "d": Icon("✓", "d", "black on green", "done"),
    "f": Icon("✗", "f", "bold white on red", "failed"),
    "k": Icon("/", "k", "dim", "skipped"),
    "g": Icon("∅", "g", "dim", "gone"),
    "r": Icon("↶", "r", "white on magenta", "rolled back"),
    "a": Icon("■", "a", "white on magenta", "aborted"),
}

PHASES = {
    "Pending": Icon("○", ".", "dim"),
    "Progressing": Icon("▶", ">", "bold blue"),
    "Paused": Icon("‖", "=", "bold yellow"),
    "AwaitingApproval": Icon("?", "?", "bold yellow"),
    "RollingBack": Icon("◀", "<", "bold magenta"),
    "Succeeded": Icon("✓", "+", "bold green"),
    "RolledBack": Icon("↶", "<", "bold magenta"),
    "Aborted": Icon("■", "#", "bold yellow"),
    "Failed": Icon("✗", "x", "bold red"),
}


VERDICTS = {
    "": Icon("·", "-", "dim", "not asked yet"),
    "pass": Icon("✓", "+", "green", "passes"),
    "fail": Icon("✗", "x", "bold red", "fails"),
    "unknown": Icon("?", "?", "yellow", "could not tell"),
    "notYet": Icon("…", ".", "blue", "not yet"),
}
"""What a gate has answered last."""


def of_verdict(verdict: str, *, holds: bool = True) -> Icon:
    """How the verdict looks; that of a gate that holds nobody is no alarm."""
    icon = VERDICTS.get(verdict, Icon("•", "*", "bold", verdict))
    return icon if holds or verdict != "fail" else replace(icon, style="yellow")


def of_cell(cell: str) -> Icon:
    """How the cell looks: one of a later version shows its letter."""
    return CELLS.get(cell, Icon(cell, cell, "bold", f"{cell} (not known to this version)"))


def of_phase(phase: str) -> Icon:
    """How the phase looks; one of a later version has an icon, too."""
    return PHASES.get(phase, Icon("•", "*", "bold"))


def label(cell: str) -> str:
    """The word for the state: "rolled back"."""
    return of_cell(cell).label
