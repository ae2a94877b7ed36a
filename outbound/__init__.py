"""Calls to addresses that users name: gates, hooks, news, calendars.

The only way out of the app to hosts that are not Azure's own. It never sends a token of the app's
identity, connects to the address that was checked only, and follows no redirect.
"""

from outbound.address import url_refusal
from outbound.connection import call_refusal, reach
from outbound.outgoing import NoReply, Outgoing, Reply

__all__ = ["NoReply", "Outgoing", "Reply", "call_refusal", "reach", "url_refusal"]
