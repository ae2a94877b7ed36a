"""GET /api/openapi.json: the contract, generated from the models that validate requests."""

from triggers.openapi.document import openapi, openapi_routes
from triggers.openapi.operations import OPERATIONS

__all__ = ["OPERATIONS", "openapi", "openapi_routes"]
