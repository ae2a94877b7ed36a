"""The layout of the heat map: rows are update domains, with a letter per instance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rollout.base import Cell, Value
from rollout.inventory.domain import Domain, domain_of, splits_by_fault_domain
from rollout.inventory.instance import Instance


class DomainRow(Value):
    """An update domain (of a zone), or a fault domain, and the ids of its instances, in order.
    `placementGroups` has the number of each one's placement group, from 1; left out where all are
    in the same: each group has update domains of its own.
    """

    zone: str | None = None
    update_domain: int | None = None
    fault_domain: int | None = None
    instance_ids: list[str] = []
    placement_groups: list[int] | None = None


class Row(DomainRow):
    """A row of the heat map: `cells` has a letter per instance (see Cell), in the order of
    `instanceIds`. The ids are not part of the custom status (limited to 16 KB); they are empty
    until the rollout's record has these instances. `health` has a letter of each one's health where
    that is known too: h healthy, u unhealthy, i initializing, n reporting none; - while nobody has
    looked since its upgrade began. Of an instance that was not touched it is the one before.
    """

    cells: str
    health: str | None = None


@dataclass(frozen=True)
class HeatMap:
    """The rows in order, each with its instance ids in order."""

    rows: tuple[tuple[Domain, tuple[str, ...]], ...] = ()
    groups: Mapping[str, int] = field(default_factory=dict[str, int])
    """The number of the placement group of each instance; none where there is only one."""

    @classmethod
    def of(cls, instances: Iterable[Instance], batch_by: str) -> "HeatMap":
        """The same instances always give the same heat map."""
        in_order = sorted(instances, key=lambda instance: instance.order)
        by_fault_domain = splits_by_fault_domain(batch_by, in_order)
        rows: dict[Domain, list[str]] = {}
        for instance in in_order:
            domain = domain_of(instance, by_fault_domain=by_fault_domain)
            rows.setdefault(domain, []).append(instance.instance_id)
        ordered = sorted(rows.items(), key=lambda row: row[0].order)
        return cls(tuple((domain, tuple(ids)) for domain, ids in ordered), _groups(in_order))

    @property
    def instance_ids(self) -> list[str]:
        """Every instance, row by row."""
        return [instance_id for _, ids in self.rows for instance_id in ids]

    def positions(self, instance_ids: Iterable[str]) -> list[int]:
        """Where these instances are when the cells of all rows are concatenated."""
        position_of = {instance_id: at for at, instance_id in enumerate(self.instance_ids)}
        return [position_of[instance_id] for instance_id in instance_ids]

    def drawn(self, cells: Mapping[str, Cell]) -> list[Row]:
        """The rows with these cells."""
        return [
            Row(**dict(row), cells="".join(cells[instance_id] for instance_id in row.instance_ids))
            for row in self._rows()
        ]

    def domain_rows(self) -> list[DomainRow]:
        """The rows without cells, to show a scale set without a rollout."""
        return [
            row.model_copy(update={"placement_groups": self._groups_of(row.instance_ids)})
            for row in self._rows()
        ]

    def _rows(self) -> list[DomainRow]:
        return [
            DomainRow(
                zone=domain.zone,
                update_domain=domain.update_domain,
                fault_domain=domain.fault_domain,
                instance_ids=list(ids),
            )
            for domain, ids in self.rows
        ]

    def fits(self, rows: list[Row]) -> bool:
        """Whether these rows were drawn from this heat map."""
        return [len(ids) for _, ids in self.rows] == [len(row.cells) for row in rows]

    def identified(self, rows: list[Row]) -> list[Row]:
        """Rows that fit, with their instance ids."""
        return [
            row.model_copy(
                update={"instance_ids": list(ids), "placement_groups": self._groups_of(ids)}
            )
            for row, (_, ids) in zip(rows, self.rows, strict=True)
        ]

    def _groups_of(self, instance_ids: Iterable[str]) -> list[int] | None:
        return [self.groups[each] for each in instance_ids] if self.groups else None

    def read(self, rows: list[Row]) -> dict[str, Cell]:
        """The cells by instance id: the inverse of `drawn`."""
        letters = "".join(row.cells for row in rows)
        return {
            instance_id: Cell(letter)
            for instance_id, letter in zip(self.instance_ids, letters, strict=True)
        }


def _groups(instances: Iterable[Instance]) -> dict[str, int]:
    """Numbered as they first appear; empty if all are in the same."""
    found = {each.instance_id: each.placement_group_id for each in instances}
    numbers = {group: at for at, group in enumerate(dict.fromkeys(found.values()), start=1)}
    return {each: numbers[group] for each, group in found.items()} if len(numbers) > 1 else {}


def overlaid(rows: list[Row], positions: Iterable[int], letters: str) -> list[Row]:
    """The rows with these letters at these positions of the concatenated cells."""
    cells = list("".join(row.cells for row in rows))
    for position, letter in zip(positions, letters, strict=True):
        cells[position] = letter
    letter = iter(cells)
    return [
        row.model_copy(update={"cells": "".join(next(letter) for _ in row.cells)}) for row in rows
    ]
