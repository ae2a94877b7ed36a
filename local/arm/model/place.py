"""Where in the datacenter an instance is."""

from dataclasses import dataclass

from local.arm.base import guid
from local.arm.model.spec import ScaleSetSpec


@dataclass(frozen=True)
class Place:
    """Domain numbers mean something only within one placement group, and groups lie in a zone. The
    VMs of a Flexible set have neither update domains nor placement groups.
    """

    zone: str | None
    placement_group: str | None
    update_domain: int | None
    fault_domain: int

    @property
    def domain(self) -> str | None:
        """The update domain, named with its zone: "0", or "1/0" in zone 1; None without one."""
        if self.update_domain is None:
            return None
        return f"{self.zone}/{self.update_domain}" if self.zone else str(self.update_domain)


def place_of(spec: ScaleSetSpec, number: int) -> Place:
    """The place of the instance with that number (0, 1, 2 ... in the order of creation).

    Recorded for regional sets: update domain = fault domain = number mod 5 in each placement group.
    """
    zones = spec.zones or (None,)
    zone = zones[number % len(zones)]
    group, position = divmod(number // len(zones), spec.placement_group_size)
    domains = spec.update_domain_count
    return Place(
        zone=zone,
        placement_group=guid("placementGroup", spec.id, zone, group) if domains else None,
        update_domain=position % domains if domains else None,
        fault_domain=position % spec.fault_domain_count,
    )
