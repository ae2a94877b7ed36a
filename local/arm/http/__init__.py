"""The model over HTTP: Azure Resource Manager, the controls under /_sim, a managed identity.

`create_app` makes the web application that serves all of it.
"""

from local.arm.http.app import create_app

__all__ = [
    "create_app",
]
