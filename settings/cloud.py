"""The Azure clouds: their endpoints, token scopes and sign-in hosts."""

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
_OLDER_NAMES = {
    "azurepubliccloud": Cloud.PUBLIC,
    "azureusgovernmentcloud": Cloud.US_GOVERNMENT,
}
