"""Loads an app from its directory as the Functions host does, and unloads it again.

The path, the working directory and the imported modules belong to the process. Hosts that run one
after another each get a fresh index; hosts can run at once if their apps import all they need when
they are loaded.
"""

import contextlib
import importlib
import logging
import os
import sys
from pathlib import Path

from local.host.app import runtime
from local.host.app.app_loop import APP_LOOP
from local.host.app.functions import Catalog, function_of

log = logging.getLogger("local.host")

LOCAL = Path(__file__).parents[2]  # what runs the app, which may lie inside its directory


class AppError(Exception):
    """The app cannot be loaded; its cause says why."""


class App:
    """An app directory with a `function_app.py`, loaded by this process. Raises AppError when it
    cannot be loaded.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()
        self._home = Path.cwd()
        self._others = frozenset(sys.modules)
        self.indexed: list[runtime.Indexed] = []
        self.runner = APP_LOOP
        self.catalog = self._load()

    def close(self) -> None:
        """Unload its functions and its modules, and leave its directory."""
        runtime.forget(self.indexed)
        with contextlib.suppress(ValueError):
            sys.path.remove(str(self.directory))
        for name in self._own_modules():
            del sys.modules[name]
        os.chdir(self._home)

    def _load(self) -> Catalog:
        if not (self.directory / runtime.FUNCTION_APP).is_file():
            raise AppError(f"there is no {runtime.FUNCTION_APP} in {self.directory}")
        sys.path.insert(0, str(self.directory))
        os.chdir(self.directory)
        sys.modules.pop("function_app", None)
        importlib.invalidate_caches()
        try:
            self.indexed = runtime.index(self.directory)
        except Exception as error:
            self.close()
            raise AppError(
                f"the app in {self.directory} cannot be loaded, on Azure it would have no "
                f"functions: {error}"
            ) from error
        catalog = Catalog([function_of(each) for each in self.indexed])
        for each in catalog.not_run:
            log.warning("%s: the local host does not run a %s", each.name, each.trigger)
        return catalog

    def _own_modules(self) -> list[str]:
        """Modules of this app that it imported itself: not the packages it uses."""
        return [
            name
            for name, module in sys.modules.items()
            if name not in self._others and self._owns(getattr(module, "__file__", None))
        ]

    def _owns(self, file: str | None) -> bool:
        if file is None or not Path(file).is_relative_to(self.directory):
            return False
        return "site-packages" not in Path(file).parts and not Path(file).is_relative_to(LOCAL)
