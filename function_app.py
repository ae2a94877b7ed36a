"""The composition root: registers triggers, orchestrators and activities. No logic."""

from functools import cache
from typing import TYPE_CHECKING

import azure.durable_functions as df
import azure.functions as func

from activities import activity_blueprint
from orchestrators import orchestrator_blueprint
from triggers import trigger_blueprint

if TYPE_CHECKING:
    from triggers.handlers import Handlers


@cache
def handlers() -> "Handlers":
    """What answers the triggers: imported with the first call, not at the start of every instance,
    most of which answer none.
    """
    from activities.gates import try_gates
    from activities.inspection import inspect_for_reader, inspect_for_start
    from activities.news_calls import deliver_test
    from activities.policies import refused_checks, refused_policy
    from compute.image_choices import choices_for, newest_images
    from compute.images import published_at
    from compute.rights import rights_on
    from compute.scale_set_list import list_scale_sets, view_scale_set
    from durable import AzureReads, PolicyReads, ScaleSetReads
    from settings import (
        allowed_scopes,
        app_health,
        default_subscription,
        read_access_rules,
        read_calendar,
        read_news_rules,
        read_teller,
        retention_time,
    )
    from triggers.handlers import handlers_of
    from triggers.news import NewsAccess

    scale_sets = ScaleSetReads(
        default_subscription, list_scale_sets, view_scale_set, choices_for, rights_on, newest_images
    )
    policies = PolicyReads(read_calendar, refused_policy, refused_checks)
    inspects = (inspect_for_start, inspect_for_reader)
    reads = AzureReads(*inspects, scale_sets, published_at, try_gates, policies)
    news = NewsAccess(read_news_rules, read_teller, deliver_test)
    return handlers_of(reads, allowed_scopes, app_health, retention_time, read_access_rules, news)


app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
app.register_functions(trigger_blueprint(handlers))
app.register_functions(orchestrator_blueprint())
app.register_functions(activity_blueprint())
