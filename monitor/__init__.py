"""What the app reads from Azure Monitor for gates: alerts, metrics and logs."""

from monitor.alerts import ask_alerts
from monitor.logs import ask_logs
from monitor.metrics import ask_metrics

__all__ = ["ask_alerts", "ask_logs", "ask_metrics"]
