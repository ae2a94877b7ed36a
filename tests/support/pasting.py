"""What the pages say, pasted into a shell: the command is called in this process, where a watch can
skip time, and everything else is done by bash.
"""

import re
import shlex
import subprocess
from dataclasses import dataclass

from command import Done, Person

COMMAND = "vmss-rollout "
_NAMES = re.compile(r"\$(T|NEW)\b")


@dataclass
class Shell:
    """A shell into which `functions`, a page's first block, was pasted at noon."""

    person: Person
    functions: str
    values: dict[str, str]

    def paste(self, block: str) -> list[Done]:
        """What each call of the command in it comes to."""
        done: list[Done] = []
        others: list[str] = []
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            if not line.startswith(COMMAND):
                others.append(line)
                continue
            self._bash(others)
            said = _NAMES.sub(lambda name: self.values[name[1]], line)
            done.append(self.person.says(*shlex.split(said)[1:]))
        self._bash(others)
        return done

    def codes(self, block: str) -> list[int]:
        return [done.code for done in self.paste(block)]

    def _bash(self, lines: list[str]) -> None:
        """Do them all again: what they do may be done twice, and they set variables."""
        script = "\n".join([self.functions, *lines])
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], check=True, capture_output=True)
