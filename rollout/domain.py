"""Where an instance stands: what a batch must have in common."""

from typing import NamedTuple

from rollout.fleet import Instance


class Domain(NamedTuple):
    """A zone, and an update or fault domain within it, as far as Azure names them."""

    zone: str | None
    update_domain: int | None
    fault_domain: int | None

    @property
    def order(self) -> tuple[str, int, int]:
        """Domains in order: zones by name, domains by number, those without one first."""
        return (self.zone or "", _number(self.update_domain), _number(self.fault_domain))


def _number(domain: int | None) -> int:
    return -1 if domain is None else domain


def domain_of(instance: Instance, *, by_fault_domain: bool) -> Domain:
    """The domain a batch may not leave. Update domain and zone always count where Azure names
    them, whatever the policy says; the fault domain only when asked for.
    """
    fault_domain = instance.fault_domain if by_fault_domain else None
    return Domain(instance.zone, instance.update_domain, fault_domain)


def splits_by_fault_domain(batch_by: str, instances: list[Instance]) -> bool:
    """Whether fault domains bound the batches: when asked for, or when there is nothing better."""
    if batch_by != "auto":
        return batch_by == "faultDomain"
    return not any(one.zone or one.update_domain is not None for one in instances)
