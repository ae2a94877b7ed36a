"""An app that cannot be imported."""

# pyright: basic

import no_such_module  # pyright: ignore[reportMissingImports]

app = no_such_module.app
