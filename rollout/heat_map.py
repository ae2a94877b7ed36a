"""Where each instance stands in the picture: rows are update domains, a letter per instance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rollout.cell import Cell
from rollout.domain import Domain, domain_of, splits_by_fault_domain
from rollout.fleet import Instance
from rollout.view import Row


@dataclass(frozen=True)
class HeatMap:
    """The rows in order, each with its instance ids in order."""

    rows: tuple[tuple[Domain, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, instances: Iterable[Instance], batch_by: str) -> "HeatMap":
        """The same instances always make the same picture."""
        in_order = sorted(instances, key=lambda one: one.order)
        by_fault_domain = splits_by_fault_domain(batch_by, in_order)
        rows: dict[Domain, list[str]] = {}
        for one in in_order:
            rows.setdefault(domain_of(one, by_fault_domain=by_fault_domain), []).append(
                one.instance_id
            )
        ordered = sorted(rows.items(), key=lambda row: row[0].order)
        return cls(tuple((domain, tuple(ids)) for domain, ids in ordered))

    def row_of(self, instance_id: str) -> int:
        """The index of that instance's row. Raises StopIteration when it is in none."""
        return next(index for index, (_, ids) in enumerate(self.rows) if instance_id in ids)

    def offsets(self, row: int, instance_ids: list[str]) -> list[int]:
        """Where in that row these instances stand."""
        positions = {one: position for position, one in enumerate(self.rows[row][1])}
        return [positions[one] for one in instance_ids]

    def drawn(self, cells: Mapping[str, Cell]) -> list[Row]:
        """The picture with these cells."""
        return [
            Row(
                zone=domain.zone,
                update_domain=domain.update_domain,
                fault_domain=domain.fault_domain,
                cells="".join(cells[one] for one in ids),
            )
            for domain, ids in self.rows
        ]

    def fits(self, rows: list[Row]) -> bool:
        """Whether these rows were drawn from this heat map."""
        return [len(ids) for _, ids in self.rows] == [len(row.cells) for row in rows]

    def read(self, rows: list[Row]) -> dict[str, Cell]:
        """The cells by instance id: the opposite of `drawn`."""
        return {
            one: Cell(letter)
            for (_, ids), row in zip(self.rows, rows, strict=True)
            for one, letter in zip(ids, row.cells, strict=True)
        }
