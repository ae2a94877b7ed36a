"""What the parts of one engine are told of Azure: its chances, its deaths, its rule of versions."""

from dataclasses import dataclass

from local.host.engine.deaths import Deaths
from local.host.engine.versions import VersionRule
from local.host.store import AsAzure


@dataclass(frozen=True, slots=True)
class Rules:
    """The same for all parts of one engine."""

    as_azure: AsAzure
    deaths: Deaths
    versions: VersionRule
