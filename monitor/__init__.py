"""What the app reads from Azure Monitor: alerts, metrics and logs."""
