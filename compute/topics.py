"""Publishes events to an Event Grid topic, as the app's identity (EventGrid Data Sender)."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from compute.client import app_identity
from rollout.base import SettingError, first_line

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken

_TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class TopicRefusal:
    """Why Event Grid did not take an event, and its status, if it answered."""

    why: str
    status: int = 0


class AsyncIdentity:
    """The app's identity for a client that awaits its tokens."""

    async def get_token(self, *scopes: str, **options: Any) -> "AccessToken":
        del options
        return await asyncio.to_thread(app_identity().get_token, *scopes)

    async def close(self) -> None:
        """Nothing is open."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def publish(endpoint: str, event: dict[str, Any], **client: Any) -> TopicRefusal | None:
    """One try; None if the topic has it. `client` goes to the SDK's client. The endpoint is one of
    Event Grid's: the token is for https://eventgrid.azure.net only, but it is a token.

    The SDK's other client, which does not await, takes no options: it would try again by itself.
    """
    from azure.core.exceptions import AzureError, HttpResponseError
    from azure.core.messaging import CloudEvent
    from azure.eventgrid.aio import EventGridPublisherClient

    options: dict[str, Any] = {
        "retry_total": 0,
        "permit_redirects": False,
        "connection_timeout": _TIMEOUT_SECONDS,
        "read_timeout": _TIMEOUT_SECONDS,
        **client,
    }
    identity: Any = AsyncIdentity()
    try:
        async with EventGridPublisherClient(endpoint, identity, **options) as topic:
            await topic.send(CloudEvent.from_dict(event))  # pyright: ignore[reportUnknownMemberType]
    except HttpResponseError as error:
        why = f"Event Grid answered {error.status_code}: {first_line(error.message)}"
        return TopicRefusal(why, error.status_code or 0)
    except (AzureError, SettingError) as error:
        return TopicRefusal(f"Event Grid could not be called: {first_line(str(error))}")
    return None
