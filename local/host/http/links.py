"""The URLs of Durable's management API, as clients and durable client bindings are given them."""

import json

WEBHOOK = "/runtime/webhooks/durabletask"
RPC = "/durabletask"
INSTANCE = "INSTANCEID"  # the placeholder the SDK replaces
CONNECTION = "Storage"
KEY = "local"  # keys are not checked, as with Core Tools, but URLs carry one, as there


def query(task_hub: str) -> str:
    return f"taskHub={task_hub}&connection={CONNECTION}&code={KEY}"


def management_urls(origin: str, task_hub: str, instance: str) -> dict[str, str]:
    """The body of a check-status answer."""
    base = f"{origin}{WEBHOOK}/instances/{instance}"
    reason = f"reason={{text}}&{query(task_hub)}"
    return {
        "id": instance,
        "statusQueryGetUri": f"{base}?{query(task_hub)}",
        "sendEventPostUri": f"{base}/raiseEvent/{{eventName}}?{query(task_hub)}",
        "terminatePostUri": f"{base}/terminate?{reason}",
        "rewindPostUri": f"{base}/rewind?{reason}",
        "purgeHistoryDeleteUri": f"{base}?{query(task_hub)}",
        "restartPostUri": f"{base}/restart?{query(task_hub)}",
        "suspendPostUri": f"{base}/suspend?{reason}",
        "resumePostUri": f"{base}/resume?{reason}",
    }


def client_json(origin: str, task_hub: str) -> str:
    """What a durable client binding is given; the SDK appends to `rpcBaseUrl` as it is."""
    create = f"{origin}{WEBHOOK}/orchestrators/{{functionName}}[/{{instanceId}}]?{query(task_hub)}"
    return json.dumps(
        {
            "taskHubName": task_hub,
            "creationUrls": {
                "createNewInstancePostUri": create,
                "createAndWaitOnNewInstancePostUri": (
                    f"{create}&timeout={{timeoutInSeconds}}&pollingInterval={{intervalInSeconds}}"
                ),
            },
            "managementUrls": management_urls(origin, task_hub, INSTANCE),
            "baseUrl": f"{origin}{WEBHOOK}",
            "requiredQueryStringParameters": f"code={KEY}",
            "rpcBaseUrl": f"{origin}{RPC}/",
        }
    )
