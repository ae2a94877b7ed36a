"""Events about resources, as the topic of an Azure subscription publishes them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from local.arm.base import Json, guid, instant
from local.arm.event_grid.event import Event

_API_VERSION = "2024-03-03"


type Method = Literal["PUT", "PATCH", "DELETE", "POST"]

_VERBS: dict[Method, str] = {"DELETE": "delete", "POST": "action"}
_TYPES: dict[Method, str] = {"DELETE": "Delete", "POST": "Action"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What somebody did to a resource through ARM."""

    resource_id: str
    method: Method
    """POST for an action, which `resource_id` ends with."""
    correlation: str
    failed: bool = False
    """Whether it ends in failure."""

    @property
    def operation(self) -> str:
        """As in "Microsoft.Compute/galleries/images/versions/write"."""
        kinds = self.resource_id.split("/")[7::2]
        return "/".join(["Microsoft.Compute", *kinds, _VERBS.get(self.method, "write")])

    @property
    def subscription(self) -> str:
        return self.resource_id.split("/")[2]


def resource_event(change: Change, at: datetime, number: int, *, ended: bool) -> Event:
    """ResourceWriteSuccess and its like, as documented for subscriptions and resource groups.

    The acceptance and the end of a write are both published, the same except for id and time. The
    subject has "resourcegroups" in lower case, as in real events.
    """
    topic = f"/subscriptions/{change.subscription}"
    failed = change.failed and ended
    body = {
        "topic": topic,
        "subject": _subject(change),
        "eventType": _type(change, failed=failed),
        "eventTime": event_time(at),
        "id": guid("event", change.correlation, number),
        "data": _data(change, failed=failed),
        "dataVersion": "2",
        "metadataVersion": "1",
    }
    return Event(number=number, topic=topic, body=body)


def event_time(moment: datetime) -> str:
    """Seven-digit fractions and Z."""
    return instant(moment).replace("+00:00", "Z")


def _subject(change: Change) -> str:
    return change.resource_id.replace("/resourceGroups/", "/resourcegroups/")


def _type(change: Change, *, failed: bool) -> str:
    what = _TYPES.get(change.method, "Write")
    return f"Microsoft.Resources.Resource{what}{'Failure' if failed else 'Success'}"


def _data(change: Change, *, failed: bool) -> Json:
    subject = _subject(change)
    url = f"https://management.azure.com{change.resource_id}?api-version={_API_VERSION}"
    return {
        "authorization": {
            "scope": subject,
            "action": change.operation,
            "evidence": _evidence(change.subscription),
        },
        "claims": _claims(),
        "correlationId": change.correlation,
        "httpRequest": {
            "clientRequestId": guid("request", change.correlation),
            "clientIpAddress": "127.0.0.1",
            "method": change.method,
            "url": url,
        },
        "resourceProvider": "Microsoft.Compute",
        "resourceUri": subject,
        "operationName": change.operation,
        "status": "Failed" if failed else "Succeeded",
        "subscriptionId": change.subscription,
        "tenantId": guid("tenant"),
    }


def _evidence(subscription: str) -> Json:
    return {
        "role": "Contributor",
        "roleAssignmentScope": f"/subscriptions/{subscription}",
        "roleAssignmentId": guid("assignment").replace("-", ""),
        "roleDefinitionId": guid("role").replace("-", ""),
        "principalId": guid("principal").replace("-", ""),
        "principalType": "ServicePrincipal",
    }


def _claims() -> Json:
    return {
        "aud": "https://management.core.windows.net/",
        "iss": f"https://sts.windows.net/{guid('tenant')}/",
        "appid": guid("app"),
        "http://schemas.microsoft.com/identity/claims/objectidentifier": guid("principal"),
        "ver": "1.0",
    }
