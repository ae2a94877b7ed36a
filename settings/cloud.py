"""The Azure clouds: their endpoints, token scopes and sign-in hosts."""

import re
from enum import StrEnum


class Cloud(StrEnum):
    """A cloud, by the name Azure's tools use for it. The endpoints come from the SDK, imported late
    because its modules are slow to load.
    """

    PUBLIC = "AzureCloud"
    US_GOVERNMENT = "AzureUSGovernment"
    CHINA = "AzureChinaCloud"

    @classmethod
    def named(cls, name: str) -> "Cloud | None":
        """The cloud of that name, in any case or by an older name; None if unknown."""
        by_name = {cloud.casefold(): cloud for cloud in cls} | _OLDER_NAMES
        return by_name.get(name.casefold())

    @property
    def arm_endpoint(self) -> str:
        """The URL of its Azure Resource Manager."""
        return str(self._endpoints["resource_manager"]).rstrip("/")

    @property
    def scope(self) -> str:
        """The scope of tokens for its Azure Resource Manager."""
        (scope,) = self._endpoints["credential_scopes"]
        return scope

    @property
    def logs_endpoint(self) -> str:
        """The URL of Azure Monitor's logs; tokens for them are for that URL too."""
        return f"https://api.loganalytics.{_LOGS[self]}"

    @property
    def metrics_audience(self) -> str:
        """What tokens for Azure Monitor's metrics are for."""
        return f"https://{_METRICS[self]}"

    def metrics_endpoint(self, region: str) -> str:
        """The URL of Azure Monitor's metrics in a region. Raises ValueError for what is no region:
        it becomes part of the name of a host that gets a token.
        """
        if not re.fullmatch(r"[a-z][a-z0-9]{1,40}", region):
            raise ValueError(f"{region!r} is not the name of a region")
        return f"https://{region}.{_METRICS[self]}"

    @property
    def authority(self) -> str:
        """Its sign-in host."""
        from azure.identity import AzureAuthorityHosts

        return {
            Cloud.PUBLIC: AzureAuthorityHosts.AZURE_PUBLIC_CLOUD,
            Cloud.US_GOVERNMENT: AzureAuthorityHosts.AZURE_GOVERNMENT,
            Cloud.CHINA: AzureAuthorityHosts.AZURE_CHINA,
        }[self]

    @property
    def _endpoints(self) -> dict[str, list[str] | str]:
        from azure.core import AzureClouds
        from azure.mgmt.core.tools import get_arm_endpoints

        return get_arm_endpoints(AzureClouds[f"AZURE_{_SDK_NAMES[self]}"])


_SDK_NAMES = {
    Cloud.PUBLIC: "PUBLIC_CLOUD",
    Cloud.US_GOVERNMENT: "US_GOVERNMENT",
    Cloud.CHINA: "CHINA_CLOUD",
}
_LOGS = {
    Cloud.PUBLIC: "io",
    Cloud.US_GOVERNMENT: "us",
    Cloud.CHINA: "azure.cn",
}
_METRICS = {
    Cloud.PUBLIC: "metrics.monitor.azure.com",
    Cloud.US_GOVERNMENT: "metrics.monitor.azure.us",
    Cloud.CHINA: "metrics.monitor.azure.cn",
}
"""The SDKs' own documents name those of the public cloud and the US government's; China's follow
the names of its other hosts, and were never seen.
"""
_OLDER_NAMES = {
    "azurepubliccloud": Cloud.PUBLIC,
    "azureusgovernmentcloud": Cloud.US_GOVERNMENT,
}
