"""Every call of the API: what it takes, what it answers, and what it may refuse."""

from rollout.app_health import AppHealth
from rollout.base import Event
from rollout.callbacks import CallbackAnswer, TakenAnswer
from rollout.fleet import (
    FleetDetails,
    FleetPlan,
    FleetRolloutRequest,
    FleetRolloutView,
    ListedFleet,
    ScaleSetRow,
)
from rollout.follow import FollowedImage
from rollout.inventory import ImageChoices, ScaleSetRights, ScaleSetSummary, ScaleSetView
from rollout.line import LineBody, LineState
from rollout.news import NewsReport, TestedReceiver
from rollout.plan import Plan, Preset, RolloutRequest
from rollout.run import (
    CommandBody,
    InstanceRow,
    ListedRollout,
    ManagementLinks,
    RolloutDetails,
    RolloutView,
    StartedRollout,
    Verb,
)
from triggers.openapi.operation import (
    AFTER,
    AS_LINES,
    BEHIND,
    FILTERS,
    ID,
    KEY,
    OF_A_FLEET,
    PHASE_AND_TOP,
    SET_PATH,
    SETS,
    ApiOperation,
    parameter,
)

OPERATIONS = (
    ApiOperation(
        "start_rollout", "post", "/rollouts", "Start a rollout", StartedRollout, RolloutRequest,
        statuses=(200, 202), refuses=(400, 404, 409, 502), parameters=KEY,
    ),
    ApiOperation(
        "plan_rollout", "post", "/rollouts/plan", "What a rollout would do; changes nothing", Plan,
        RolloutRequest, refuses=(400, 404, 409, 502),
    ),
    ApiOperation(
        "list_rollouts", "get", "/rollouts", "The rollouts, newest first",
        ListedRollout, many=True,
        refuses=(400,), parameters=FILTERS,
    ),
    ApiOperation(
        "view_rollout", "get", "/rollouts/{id}", "A rollout as it is now", RolloutDetails,
        refuses=(404,), parameters=ID,
    ),
    ApiOperation(
        "rollout_status", "get", "/rollouts/{id}/status", "For clients that wait: 202 with "
        "Location and Retry-After while it runs, 200 when it has ended, however it ended",
        RolloutView,
        statuses=(200, 202), refuses=(404,), parameters=ID,
    ),
    ApiOperation(
        "manage_rollout", "get", "/rollouts/{id}/management", "Durable's own management addresses, "
        "for the holder of the master key", ManagementLinks, refuses=(404,), parameters=ID,
    ),
    ApiOperation(
        "list_instances", "get", "/rollouts/{id}/instances", "One row per instance", InstanceRow,
        many=True, refuses=(404,), parameters=ID,
    ),
    ApiOperation(
        "list_events", "get", "/rollouts/{id}/events", "The event log, oldest first", Event,
        many=True, refuses=(400, 404), parameters=(*ID, AS_LINES, AFTER),
    ),
    *(
        ApiOperation(
            f"{verb}_rollout", "post", f"/rollouts/{{id}}/{verb}", verb.rule.meaning, RolloutView,
            CommandBody, body_required=False, statuses=(202,), refuses=(400, 404, 409),
            parameters=ID,
        )
        for verb in Verb
    ),
    ApiOperation(
        "start_fleet_rollout", "post", "/fleet-rollouts", "Start a fleet rollout: scale sets in "
        "ordered waves", FleetRolloutView, FleetRolloutRequest, statuses=(200, 202),
        refuses=(400, 404, 409, 502), parameters=KEY,
    ),
    ApiOperation(
        "plan_fleet_rollout", "post", "/fleet-rollouts/plan", "What a fleet rollout would do; "
        "changes nothing", FleetPlan, FleetRolloutRequest, refuses=(400, 404, 409, 502),
    ),
    ApiOperation(
        "list_fleet_rollouts", "get", "/fleet-rollouts", "The fleet rollouts, newest first",
        ListedFleet, many=True, refuses=(400,), parameters=PHASE_AND_TOP,
    ),
    ApiOperation(
        "view_fleet_rollout", "get", "/fleet-rollouts/{id}", "A fleet rollout as it is now",
        FleetDetails, refuses=(404,), parameters=OF_A_FLEET,
    ),
    ApiOperation(
        "fleet_rollout_status", "get", "/fleet-rollouts/{id}/status", "For clients that wait: 202 "
        "with Location and Retry-After while it runs, 200 when it has ended, however it ended",
        FleetRolloutView, statuses=(200, 202), refuses=(404,), parameters=OF_A_FLEET,
    ),
    ApiOperation(
        "manage_fleet_rollout", "get", "/fleet-rollouts/{id}/management", "Durable's own "
        "management addresses, for the holder of the master key", ManagementLinks, refuses=(404,),
        parameters=OF_A_FLEET,
    ),
    ApiOperation(
        "list_fleet_scale_sets", "get", "/fleet-rollouts/{id}/scale-sets", "One row per scale set",
        ScaleSetRow, many=True, refuses=(404,), parameters=OF_A_FLEET,
    ),
    ApiOperation(
        "list_fleet_events", "get", "/fleet-rollouts/{id}/events", "Its event log, oldest first",
        Event, many=True, refuses=(400, 404), parameters=(*OF_A_FLEET, AS_LINES, AFTER),
    ),
    *(
        ApiOperation(
            f"{verb}_fleet_rollout", "post", f"/fleet-rollouts/{{id}}/{verb}",
            verb.rule.fleet_meaning, FleetRolloutView, CommandBody,
            body_required=False, statuses=(202,),
            refuses=(400, 404, 409), parameters=OF_A_FLEET,
        )
        for verb in Verb
    ),
    ApiOperation(
        "list_followed_images", "get", "/followed-images", "Images whose versions are followed",
        FollowedImage, many=True,
    ),
    ApiOperation(
        "list_followed_events", "get", "/followed-images/{id}/events", "What was published of it, "
        "and what came of that", Event, many=True, refuses=(400, 404),
        parameters=(parameter("id", "path", "The followed image's id."), AS_LINES, AFTER),
    ),
    ApiOperation(
        "view_line", "get", "/stop-the-line", "Whether the line is stopped: then nothing begins",
        LineState,
    ),
    ApiOperation(
        "list_line_events", "get", "/stop-the-line/events", "When the line was stopped and "
        "lifted, by whom and why", Event, many=True, refuses=(400,), parameters=(AS_LINES, AFTER),
    ),
    ApiOperation(
        "stop_line", "post", "/stop-the-line", "Stop the line: nothing begins, what is half done "
        "finishes its batch", LineState, LineBody, refuses=(400, 409),
        more="Starts of rollouts and fleet rollouts are refused. Those under way wait before their "
        "next batch or scale set, and new versions of followed images wait. What goes back is not "
        "held. If the line was stopped before, that stop counts, and is the answer.",
    ),
    ApiOperation(
        "lift_line", "delete", "/stop-the-line", "Lift the line: what waits goes on by itself",
        LineState, LineBody, statuses=(200, 202), refuses=(400,), more="200: it is lifted, or was "
        "not stopped. 202: it was told, and is not lifted yet.",
    ),
    ApiOperation(
        "view_news", "get", "/news", "Who is told what happens, what waits to be delivered, and "
        "what was given up", NewsReport,
    ),
    ApiOperation(
        "test_news", "post", "/news/test", "Send a test to every receiver of news, and see what "
        "each answers", TestedReceiver, many=True, refuses=(409,),
    ),
    ApiOperation(
        "answer_callback", "post", "/callbacks/{token}", "The answer to a question that the app "
        "has asked", TakenAnswer, CallbackAnswer, statuses=(202,), refuses=(400, 404, 409, 410),
        parameters=(parameter("token", "path", "From the field callback of the question."),),
        anonymous=True, more="It needs no key: the address is in the question, is signed, expires, "
        "and counts once.",
    ),
    ApiOperation(
        "list_scale_sets", "get", "/scale-sets", "The scale sets, and whether they can be rolled",
        ScaleSetSummary, many=True, refuses=(400, 404, 502),
        parameters=(*SETS, BEHIND),
    ),
    ApiOperation(
        "view_scale_set", "get", "/scale-sets/{resourceGroup}/{name}", "A scale set with its heat "
        "map", ScaleSetView, refuses=(400, 404, 502), parameters=SET_PATH,
    ),
    ApiOperation(
        "list_scale_set_images", "get", "/scale-sets/{resourceGroup}/{name}/images", "The images "
        "that a scale set can be moved to", ImageChoices, refuses=(400, 404, 502),
        parameters=SET_PATH, more="The versions of the image that its model names, the newest "
        "first. Of your own gallery, only the ten newest are asked whether they are replicated.",
    ),
    ApiOperation(
        "view_scale_set_rights", "get", "/scale-sets/{resourceGroup}/{name}/rights", "The rights "
        "that the app's identity lacks there", ScaleSetRights, refuses=(400, 404, 502),
        parameters=SET_PATH, more="By the roles that Azure says it has. What a deny assignment, a "
        "lock or a policy forbids is not in that.",
    ),
    ApiOperation(
        "list_presets", "get", "/policies/presets", "Policies with a name, to begin with", Preset,
        many=True,
    ),
    ApiOperation(
        "view_health", "get", "/health", "The version that runs, and every setting that is wrong",
        AppHealth, statuses=(200, 503),
    ),
)  # fmt: skip
