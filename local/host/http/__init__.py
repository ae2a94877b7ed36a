"""What the host serves: the app's functions, Durable's management API, Event Grid, admin calls."""

from local.host.http import links
from local.host.http.admin import Admin
from local.host.http.event_grid import EventGridWebhook
from local.host.http.front import new_application, served
from local.host.http.http_functions import HttpFunctions
from local.host.http.management import Management
from local.host.http.routes import RouteError, Routes

__all__ = [
    "Admin",
    "EventGridWebhook",
    "HttpFunctions",
    "Management",
    "RouteError",
    "Routes",
    "links",
    "new_application",
    "served",
]
