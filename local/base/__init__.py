"""What both the local host and the simulated Azure stand on: time, a server, signals, options."""

from local.base.clock import Clock, ManualClock, ScaledClock
from local.base.options import Parser
from local.base.server import LOOPBACK, Server
from local.base.signals import interrupt_on_stop, stop_requested

__all__ = [
    "LOOPBACK",
    "Clock",
    "ManualClock",
    "Parser",
    "ScaledClock",
    "Server",
    "interrupt_on_stop",
    "stop_requested",
]
