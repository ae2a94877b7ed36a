import pytest
from builders import instance, spread

from rollout.base import Cell
from rollout.inventory import HeatMap, Row, overlaid


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


@pytest.mark.parametrize(
    ("instance_ids", "positions"),
    [
        pytest.param(["2", "7", "12", "17"], [8, 9, 10, 11], id="a whole row stands together"),
        pytest.param(["17", "7"], [11, 9], id="in the order in which they are asked for"),
        pytest.param(["0", "19"], [0, 19], id="the first and the last of all"),
        pytest.param(["4", "1"], [16, 4], id="from several rows"),
        pytest.param([], [], id="nowhere when nobody is asked for"),
    ],
)
def test_instances_stand_in_the_text_of_all_rows(
    instance_ids: list[str], positions: list[int]
) -> None:
    assert HeatMap.of(spread(20), "auto").positions(instance_ids) == positions


def test_an_instance_that_is_not_in_the_heat_map_stands_nowhere() -> None:
    with pytest.raises(KeyError):
        HeatMap.of(spread(20), "auto").positions(["20"])


@pytest.mark.parametrize(
    ("positions", "letters", "rows"),
    [
        pytest.param([2, 3], "du", ["pp", "du", "p"], id="a whole row"),
        pytest.param([3], "f", ["pp", "pf", "p"], id="one letter of a row"),
        pytest.param([1, 4], "dk", ["pd", "pp", "k"], id="letters of several rows"),
        pytest.param([4, 0], "us", ["sp", "pp", "u"], id="each where it belongs, in any order"),
        pytest.param([], "", ["pp", "pp", "p"], id="nothing"),
    ],
)
def test_letters_are_laid_over_the_rows(
    positions: list[int], letters: str, rows: list[str]
) -> None:
    before = HeatMap.of(spread(5, update_domains=None, zones=3), "auto").drawn(
        dict.fromkeys("01234", Cell.PENDING)
    )
    after = overlaid(before, positions, letters)
    assert [row.cells for row in after] == rows
    assert [row.zone for row in after] == ["1", "2", "3"]
    assert [row.instance_ids for row in after] == [["0", "1"], ["2", "3"], ["4"]]


@pytest.mark.parametrize("letters", ["d", "ddd"])
def test_letters_of_another_batch_are_not_laid_over_the_rows(letters: str) -> None:
    with pytest.raises(ValueError, match="zip"):
        overlaid([Row(cells="pppp")], [0, 1], letters)


def test_rows_that_were_read_back_get_the_ids_of_their_instances() -> None:
    heat_map = HeatMap.of(spread(4, update_domains=2), "auto")
    rows = heat_map.identified([Row(update_domain=0, cells="dd"), Row(update_domain=1, cells="pu")])
    assert rows == [
        Row(update_domain=0, cells="dd", instance_ids=["0", "2"]),
        Row(update_domain=1, cells="pu", instance_ids=["1", "3"]),
    ]


def test_rows_without_cells_name_the_same_instances() -> None:
    heat_map = HeatMap.of(spread(6, update_domains=3, zones=2), "auto")
    drawn = heat_map.drawn(dict.fromkeys("012345", Cell.PENDING))
    assert [row.to_json() for row in heat_map.domain_rows()] == [
        {key: value for key, value in row.to_json().items() if key != "cells"} for row in drawn
    ]


def test_cells_are_drawn_where_their_instances_stand() -> None:
    heat_map = HeatMap.of(spread(4, update_domains=2, zones=1), "auto")
    cells = {"0": Cell.DONE, "1": Cell.PENDING, "2": Cell.FAILED, "3": Cell.SKIPPED}
    assert heat_map.drawn(cells) == [
        Row(zone="1", update_domain=0, cells="df", instance_ids=["0", "2"]),
        Row(zone="1", update_domain=1, cells="pk", instance_ids=["1", "3"]),
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


def test_each_placement_group_has_update_domains_of_its_own() -> None:
    """Which group each instance is in is said with the rows, where there are several."""
    there = [
        instance(number, number % 2, placement_group_id=group)
        for number, group in enumerate(["a", "a", "b", "b", "a"])
    ]
    heat_map = HeatMap.of(there, "auto")
    assert [row.placement_groups for row in heat_map.domain_rows()] == [[1, 2, 1], [1, 2]]
    drawn = heat_map.drawn(dict.fromkeys(heat_map.instance_ids, Cell.PENDING))
    assert [row.placement_groups for row in drawn] == [None, None]
    assert [row.placement_groups for row in heat_map.identified(drawn)] == [[1, 2, 1], [1, 2]]


def test_a_single_placement_group_is_not_worth_a_word() -> None:
    heat_map = HeatMap.of([instance(0, 0, placement_group_id="a")], "auto")
    assert [row.placement_groups for row in heat_map.domain_rows()] == [None]
