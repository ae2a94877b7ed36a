"""Calls of the command `vmss-rollout`. Values are whole words of it, never parts of a script."""

import json
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pipelines.inputs import Inputs

type Json = dict[str, Any]

NAME = "vmss-rollout"
_CONTEXT = "pipeline"


@dataclass(frozen=True)
class Done:
    """What came of a call: its exit code, the app's answer, and what it said besides."""

    code: int
    answer: Json
    said: str


class Command:
    """The command, for the app of the inputs. `say` gets each line that it says."""

    def __init__(
        self, environ: Mapping[str, str], inputs: Inputs, say: Callable[[str], None]
    ) -> None:
        self._say = say
        # Of this program alone, not of the command, which is a program of its own.
        others = {name: value for name, value in environ.items() if name != "PYTHONPATH"}
        self._environ = others | {"VMSS_ROLLOUT_APP": inputs.app}
        if inputs.scope:
            self._sign_in(inputs)

    def call(self, *words: str) -> Done:
        """Call it, and read its answer. A KeyboardInterrupt ends it, and goes on up."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as answer:
            code, said = self._run([NAME, *words], answer.fileno())
            answer.seek(0)
            return Done(code, _read(answer.read()), said)

    def _run(self, words: list[str], answer: int) -> tuple[int, str]:
        said: list[str] = []
        with subprocess.Popen(  # noqa: S603 - there is no shell, and the program is ours
            words,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.PIPE,
            env=self._environ,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process:
            assert process.stderr is not None  # noqa: S101 - it was asked for
            try:
                for line in process.stderr:
                    self._say(line.rstrip())
                    said.append(line)
                code = process.wait()
            except KeyboardInterrupt:
                process.send_signal(signal.SIGINT)
                raise
        return code, "".join(said).strip()

    def _sign_in(self, inputs: Inputs) -> None:
        """Apps that ask for Entra ID: the scope stands in the command's own file. Who signs in is
        who is signed in at Azure's command line, unless the pipeline says otherwise: machines of
        pipelines have identities of their own, which are not meant.
        """
        file = Path(tempfile.mkdtemp()) / "config.yaml"
        kept = {"VMSS_ROLLOUT_CONFIG": str(file), "AZURE_TOKEN_CREDENTIALS": "AzureCliCredential"}
        self._environ = kept | self._environ | {"VMSS_ROLLOUT_CONFIG": str(file)}
        app = {"app": inputs.app, "scope": inputs.scope}
        # JSON is YAML.
        file.write_text(json.dumps({"current": _CONTEXT, "contexts": {_CONTEXT: app}}))
        self._environ["VMSS_ROLLOUT_APP"] = _CONTEXT


def _read(answer: str) -> Json:
    try:
        found: object = json.loads(answer)
    except json.JSONDecodeError:
        return {}
    return cast("Json", found) if isinstance(found, dict) else {}
