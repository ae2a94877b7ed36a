"""The domain of rollouts. Pure: no clock, no I/O, no Azure, no environment.

The packages depend on each other in this order: base, inventory, plan, batch, run, fleet, follow.
Each `__init__` states what its package is about and lists what others may import.
"""
