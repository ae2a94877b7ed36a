"""The composition root: registers the doors, the story and the hands. No logic."""

import azure.durable_functions as df
import azure.functions as func

import activities
import orchestrators
import triggers
from activities.health import app_health
from activities.inspection import inspect
from activities.scale_sets import list_scale_sets, published_at, view_scale_set
from activities.settings import allowed_scopes, default_subscription, retention
from triggers.fleet_starting import FleetLooks
from triggers.scale_sets import ScaleSets

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
scale_sets = ScaleSets(default_subscription, list_scale_sets, view_scale_set)
looks = FleetLooks(inspect, scale_sets, published_at)
app.register_functions(triggers.blueprint(looks, allowed_scopes, app_health, retention))
app.register_functions(orchestrators.blueprint())
app.register_functions(activities.blueprint())
