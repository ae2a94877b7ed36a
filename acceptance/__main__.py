"""`python -m acceptance`: whether a running app keeps what its API promises."""

import argparse
import asyncio
import json
import secrets
import sys
import time
from pathlib import Path
from typing import NoReturn, override

from acceptance.app import Unmet
from acceptance.calls import Json, NoAnswer
from acceptance.promises import Promises, Verdict
from acceptance.suite import Suite, Target, titles

KEPT, MISSED, NOT_BEGUN = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    @override
    def error(self, message: str) -> NoReturn:
        self.exit(NOT_BEGUN, f"{self.prog}: {message}; --help says what there is\n")


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code: 0 when all promises were kept, 1 when one was not, 2 when the run
    could not begin.
    """
    options = _options(arguments)
    target = _target(options)
    promises = Promises(_say)
    began = time.monotonic()
    _say(f"Run {target.run}: {target.api}, Azure {target.arm or target.scale_set}")
    try:
        asyncio.run(Suite(target, promises, short=options.short, only=options.only or ()).run())
    except (Unmet, NoAnswer) as error:
        sys.stderr.write(f"The run cannot begin: {error}.\n")
        return NOT_BEGUN
    seconds = round(time.monotonic() - began)
    _say(f"{promises.summary}, in {seconds} s")
    if options.json:
        result = {"app": target.api, "run": target.run, "seconds": seconds, **promises.to_json()}
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return MISSED if promises.count(Verdict.MISSED) else KEPT


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = _Parser(prog="python -m acceptance", description=__doc__)
    parser.add_argument("--app", required=True, metavar="URL", help="the app's base URL")
    parser.add_argument("--key", help="a function key")
    parser.add_argument("--arm", metavar="URL", help="the simulated Azure; without it, a real one")
    parser.add_argument("--scale-set", metavar="ID", help="of a real Azure: an ARM id")
    parser.add_argument("--image", help="to roll that to: a version, an id, a URI, or JSON")
    parser.add_argument("--outage", type=float, default=180, metavar="SECONDS",
                        help="how long a call may be without an answer (default: 180)")  # fmt: skip
    parser.add_argument("--short", action="store_true", help="only the stories of starts and ids")
    parser.add_argument("--only", nargs="+", choices=titles(), metavar="STORY", help="only these")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the lines, as JSON")
    parser.add_argument("--run", default=secrets.token_hex(3), help="keeps runs apart (made)")
    options = parser.parse_args(arguments)
    if not options.arm and not (options.scale_set and options.image):
        parser.error("give --arm, or --scale-set and --image of a real Azure")
    return options


def _target(options: argparse.Namespace) -> Target:
    image = _image(options.image) if options.image else None
    return Target(
        app=options.app, run=options.run, key=options.key or None, arm=options.arm or None,
        scale_set=options.scale_set or None, image=image, outage=options.outage,
    )  # fmt: skip


def _image(text: str) -> Json:
    if text.startswith("{"):
        return json.loads(text)
    field = "id" if text.startswith("/") else "uri" if text.startswith("https:") else "version"
    return {field: text}


if __name__ == "__main__":
    sys.exit(main())
