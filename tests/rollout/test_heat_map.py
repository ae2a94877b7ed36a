import pytest
from builders import instance, spread

from rollout.cell import Cell
from rollout.heat_map import HeatMap
from rollout.view import Row


def _rows(heat_map: HeatMap) -> list[list[str]]:
    return [list(ids) for _, ids in heat_map.rows]


def test_a_row_is_an_update_domain() -> None:
    assert _rows(HeatMap.of(spread(6, update_domains=3), "auto")) == [
        ["0", "3"],
        ["1", "4"],
        ["2", "5"],
    ]


def test_with_zones_a_row_is_an_update_domain_of_a_zone() -> None:
    heat_map = HeatMap.of(spread(4, update_domains=2, zones=2), "auto")
    assert [(domain.zone, domain.update_domain) for domain, _ in heat_map.rows] == [
        ("1", 0),
        ("1", 1),
        ("2", 0),
        ("2", 1),
    ]


@pytest.mark.parametrize(
    ("batch_by", "rows"),
    [
        pytest.param("auto", [["0", "2"], ["1", "3"]], id="for want of better"),
        pytest.param("faultDomain", [["0", "2"], ["1", "3"]], id="when asked for"),
        pytest.param("none", [["0", "1", "2", "3"]], id="not when they are not to count"),
    ],
)
def test_a_row_is_a_fault_domain(batch_by: str, rows: list[list[str]]) -> None:
    assert _rows(HeatMap.of(spread(4, None, fault_domains=2), batch_by)) == rows


def test_without_domains_there_is_one_row() -> None:
    assert _rows(HeatMap.of(spread(3, None), "auto")) == [["0", "1", "2"]]


def test_rows_and_instances_are_in_order_whatever_the_order_of_the_list() -> None:
    instances = [instance(10, 1), instance(9, 1), instance(2, 0)]
    assert _rows(HeatMap.of(instances, "auto")) == [["2"], ["9", "10"]]


def test_rows_are_in_the_order_of_their_numbers() -> None:
    heat_map = HeatMap.of(spread(12, update_domains=12), "auto")
    assert [domain.update_domain for domain, _ in heat_map.rows] == list(range(12))


def test_an_empty_scale_set_has_no_rows() -> None:
    assert HeatMap.of([], "auto") == HeatMap()


def test_a_batch_is_found_in_its_row() -> None:
    heat_map = HeatMap.of(spread(20), "auto")
    row = heat_map.row_of("7")
    assert (row, heat_map.offsets(row, ["17", "7"])) == (2, [3, 1])


def test_cells_are_drawn_where_their_instances_stand() -> None:
    heat_map = HeatMap.of(spread(4, update_domains=2, zones=1), "auto")
    cells = {"0": Cell.DONE, "1": Cell.PENDING, "2": Cell.FAILED, "3": Cell.SKIPPED}
    assert heat_map.drawn(cells) == [
        Row(zone="1", update_domain=0, cells="df"),
        Row(zone="1", update_domain=1, cells="pk"),
    ]


@pytest.mark.parametrize(
    ("rows", "fits"),
    [
        pytest.param(["pp", "pp"], True, id="rows as long as its own"),
        pytest.param(["pp", "ppp"], False, id="not a row with an instance more"),
        pytest.param(["pp"], False, id="not a row less"),
        pytest.param([], False, id="not no rows"),
    ],
)
def test_a_heat_map_fits(rows: list[str], *, fits: bool) -> None:
    heat_map = HeatMap.of(spread(4, update_domains=2), "auto")
    assert heat_map.fits([Row(cells=cells) for cells in rows]) is fits
