"""The only place that knows Azure Resource Manager."""
