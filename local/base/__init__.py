"""What both the local host and the simulated Azure stand on: time, a server and who may call it,
signals, options, files of state.
"""

from local.base.clock import Clock, ManualClock, ScaledClock
from local.base.options import Parser, kept_beside
from local.base.origin import at_home
from local.base.server import LOOPBACK, Server
from local.base.signals import interrupt_on_stop, stop_requested
from local.base.state import StateInUse, StateUnreadable, forget_state, open_state

__all__ = [
    "LOOPBACK",
    "Clock",
    "ManualClock",
    "Parser",
    "ScaledClock",
    "Server",
    "StateInUse",
    "StateUnreadable",
    "at_home",
    "forget_state",
    "interrupt_on_stop",
    "kept_beside",
    "open_state",
    "stop_requested",
]
