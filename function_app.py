"""The composition root: registers triggers, orchestrators and activities. No logic."""

import azure.durable_functions as df
import azure.functions as func

from activities import activity_blueprint
from activities.inspection import inspect
from compute.image_choices import choices_for, newest_images
from compute.images import published_at
from compute.scale_set_list import list_scale_sets, view_scale_set
from durable import AzureReads, ScaleSetReads
from orchestrators import orchestrator_blueprint
from settings import (
    allowed_scopes,
    app_health,
    default_subscription,
    read_access_rules,
    retention_time,
)
from triggers import trigger_blueprint

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
scale_sets = ScaleSetReads(
    default_subscription, list_scale_sets, view_scale_set, choices_for, newest_images
)
reads = AzureReads(inspect, scale_sets, published_at)
app.register_functions(
    trigger_blueprint(reads, allowed_scopes, app_health, retention_time, read_access_rules)
)
app.register_functions(orchestrator_blueprint())
app.register_functions(activity_blueprint())
