"""The only package that knows Azure Resource Manager."""
