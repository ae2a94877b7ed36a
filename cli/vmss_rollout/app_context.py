"""Which app is meant, and the file in which the user names several."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from vmss_rollout.command_error import UsageError
from vmss_rollout.documents import flaw
from vmss_rollout.near import near
from vmss_rollout.values import Json, fields, part, text

APP, KEY = "VMSS_ROLLOUT_APP", "VMSS_ROLLOUT_KEY"
_LOCAL = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class AppContext:
    """An app: its address, the scope of its tokens if it wants any ("api://…/.default"), and its
    name in the file.
    """

    url: str
    scope: str = ""
    name: str = ""

    @property
    def is_local(self) -> bool:
        return urlsplit(self.url).hostname in _LOCAL

    @property
    def is_encrypted(self) -> bool:
        return urlsplit(self.url).scheme == "https"


@dataclass
class Contexts:
    """What the file names: `~/.config/vmss-rollout/config.yaml` or what the system has instead."""

    file: Path
    apps: dict[str, AppContext] = field(default_factory=dict[str, AppContext])
    current: str = ""

    @classmethod
    def read(cls, file: Path) -> Self:
        """What the file says; nothing if there is none."""
        body = _body(file) if file.exists() else {}
        apps = {
            name: AppContext(address(text(fields(app), "app")), text(fields(app), "scope"), name)
            for name, app in part(body, "contexts").items()
        }
        return cls(file, apps, text(body, "current"))

    def write(self) -> None:
        """Keep it; no key is ever in it."""
        import yaml

        apps = {name: _kept(app) for name, app in self.apps.items()}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        body = yaml.safe_dump({"current": self.current, "contexts": apps}, sort_keys=False)
        self.file.write_text(body, encoding="utf-8")

    def named(self, name: str) -> AppContext:
        """The app of that name, or at that address."""
        if "://" in name:
            return AppContext(address(name))
        if name in self.apps:
            return self.apps[name]
        known = near(name, self.apps) or f"Known: {', '.join(self.apps) or 'none'}."
        raise UsageError(
            f"There is no context '{name}'.",
            f"{known} Add it: vmss-rollout context add {name} https://…",
        )


def chosen(option: str, environ: Mapping[str, str], contexts: Contexts) -> AppContext:
    """The app that is meant: by --app, else by VMSS_ROLLOUT_APP, else the current context."""
    name = option or environ.get(APP, "") or contexts.current
    if name:
        return contexts.named(name)
    raise UsageError(
        "No app is configured.",
        "Say which: vmss-rollout context add prod https://<app>.azurewebsites.net, "
        f"or set {APP}, or give --app.",
    )


def address(typed: str) -> str:
    """The address of an app, without the /api that its routes begin with."""
    url = typed.strip().rstrip("/").removesuffix("/api").rstrip("/")
    parts = urlsplit(url)
    if parts.query or parts.password:
        raise UsageError(
            "Behind the address of the app, or before its @, may stand a key: leave that out.",
            f"Keep a key like this: vmss-rollout context key NAME, or set {KEY}.",
        )
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise UsageError(
            f"'{typed}' is not the address of an app.",
            "It looks like https://<app>.azurewebsites.net; that of make local is http://127.0.0.1:7071.",
        )
    return url


def _kept(app: AppContext) -> Json:
    return {"app": app.url} | ({"scope": app.scope} if app.scope else {})


def _body(file: Path) -> Json:
    import yaml

    try:
        body: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        said = f"{file} cannot be read: {flaw(error)}."
        raise UsageError(said, "Mend it, or remove it.") from error
    return fields(body)
