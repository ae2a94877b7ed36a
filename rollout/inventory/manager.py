"""Which other service manages a scale set, told by the marks that it leaves on it."""

from collections.abc import Iterable
from enum import StrEnum


class Manager(StrEnum):
    """A service that makes scale sets in its customers' subscriptions, or runs in them."""

    AKS = "Azure Kubernetes Service"
    AZURE_DEVOPS = "Azure DevOps"
    SERVICE_FABRIC = "Azure Service Fabric"

    @property
    def caution(self) -> str | None:
        """What to know before such a scale set is rolled; None where it must not be."""
        return _CAUTIONS.get(self)


_CAUTIONS = {
    Manager.AZURE_DEVOPS: "Azure DevOps runs its agents on this scale set: an upgrade ends the "
    "jobs that are running. It gives the model's image to agents that are idle by itself",
    Manager.SERVICE_FABRIC: "Azure Service Fabric runs on this scale set: from durability level "
    "Silver on it lets an instance be upgraded only after it has moved its services away, which "
    "may take longer than health.timeout",
}
_TAGS = {"aks-managed-": Manager.AKS, "__azuredevopselasticpool": Manager.AZURE_DEVOPS}
"""How the names of their tags begin, in lower case."""
_EXTENSIONS = {"servicefabric": Manager.SERVICE_FABRIC}
"""How the types of their extensions begin, in lower case."""


def manager_of(tags: Iterable[str], extension_types: Iterable[str]) -> Manager | None:
    """The service whose tags (by name) or extensions are on a scale set; None if there is none."""
    return _marked(tags, _TAGS) or _marked(extension_types, _EXTENSIONS)


def _marked(names: Iterable[str], marks: dict[str, Manager]) -> Manager | None:
    folded = [name.casefold() for name in names]
    return next(
        (
            manager
            for mark, manager in marks.items()
            if any(name.startswith(mark) for name in folded)
        ),
        None,
    )
