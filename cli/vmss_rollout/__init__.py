"""The command `vmss-rollout`: a client of the app's HTTP API, and of nothing else.

The API's JSON is the contract. A field, phase or state that is not known here is no error.
"""
