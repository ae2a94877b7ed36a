"""The clouds Azure has: where each is, for whom its tokens are, and who signs in."""

from enum import StrEnum


class Cloud(StrEnum):
    """A cloud by the name Azure's tools use for it. The SDK knows where each one is; it is asked
    late, because its modules are slow to import.
    """

    PUBLIC = "AzureCloud"
    US_GOVERNMENT = "AzureUSGovernment"
    CHINA = "AzureChinaCloud"

    @classmethod
    def named(cls, name: str) -> "Cloud | None":
        """The cloud of that name, in any case and under its older names; None for another."""
        by_name = {cloud.casefold(): cloud for cloud in cls} | _OLDER_NAMES
        return by_name.get(name.casefold())

    @property
    def arm_endpoint(self) -> str:
        """The URL of its Azure Resource Manager."""
        return str(self._endpoints["resource_manager"]).rstrip("/")

    @property
    def scope(self) -> str:
        """What a token for its Azure Resource Manager is asked for."""
        (scope,) = self._endpoints["credential_scopes"]
        return scope

    @property
    def authority(self) -> str:
        """The host that signs in."""
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
