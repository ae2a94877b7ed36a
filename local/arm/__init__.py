"""A simulated Azure Resource Manager: `http.create_app` serves a `model.Azure`.

It speaks ARM as azure-mgmt-compute 39 expects it. Every state is computed from the injected clock
when it is asked for: no threads, no timers, so time may pass at any speed or be skipped.
"""
