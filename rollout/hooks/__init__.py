"""Hooks: who is told before a batch takes instances down, and when they are back."""

from rollout.hooks.addresses import READ_ADDRESSES, Addresses, ReadAddresses
from rollout.hooks.call import CALL_HOOK, HOOK, HookCall
from rollout.hooks.hook import MOST_HOOKS, CallbackHook, Hook, HookPlace, HttpHook
from rollout.hooks.last_tries import AT_THE_END, MEANWHILE, Tries, pause_before_call
from rollout.hooks.owed import Owed
from rollout.hooks.planned import PlannedHook, hook_warnings
from rollout.hooks.round import AllCalled, CallNow, HookNotDone, HookRound, LookLater
from rollout.hooks.shown import HOOK_STATIC, HookLine, completed_hooks, hook_lines
from rollout.hooks.target import HookTarget

__all__ = [
    "AT_THE_END",
    "CALL_HOOK",
    "HOOK",
    "HOOK_STATIC",
    "MEANWHILE",
    "MOST_HOOKS",
    "READ_ADDRESSES",
    "Addresses",
    "AllCalled",
    "CallNow",
    "CallbackHook",
    "Hook",
    "HookCall",
    "HookLine",
    "HookNotDone",
    "HookPlace",
    "HookRound",
    "HookTarget",
    "HttpHook",
    "LookLater",
    "Owed",
    "PlannedHook",
    "ReadAddresses",
    "Tries",
    "completed_hooks",
    "hook_lines",
    "hook_warnings",
    "pause_before_call",
]
