"""A simulated Azure Resource Manager: a model, HTTP over it, and faults that are declared.

It speaks ARM as azure-mgmt-compute 39 expects it. Every state is computed from the injected clock
when it is asked for: no threads, no timers, so time may pass at any speed or be skipped.
"""
