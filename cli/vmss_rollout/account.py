"""Who sits here, for `by`: a remark in the log, no proof."""

import getpass
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def account(environ: Mapping[str, str], home: Path) -> str:
    """Who is signed in at Azure's command line (`az`), else the user of this machine."""
    folder = Path(environ.get("AZURE_CONFIG_DIR") or home / ".azure")
    return _signed_in(folder / "azureProfile.json") or _user()


def _signed_in(profile: Path) -> str:
    """The user of the default subscription, in the file that az keeps (with a byte order mark)."""
    try:
        body: Any = json.loads(profile.read_text(encoding="utf-8-sig"))
        subscriptions = body["subscriptions"]
        return str(next(each["user"]["name"] for each in subscriptions if each.get("isDefault")))
    except (OSError, ValueError, KeyError, TypeError, StopIteration):
        return ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
