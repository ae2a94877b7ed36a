"""HTTP over the model: Azure Resource Manager, the controls under /_sim, a managed identity."""
