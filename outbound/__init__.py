"""Calls to addresses that users name: gates, hooks, news, calendars.

The only way out of the app to hosts that are not Azure's own. It never sends a token of the app's
identity, connects to the address that was checked only, and follows no redirect.
"""

from outbound.call import Answer, Call, NoAnswer

__all__ = ["Answer", "Call", "NoAnswer"]
