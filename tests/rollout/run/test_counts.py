import pytest

from rollout.run import Counts


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        pytest.param("", Counts(), id="of nothing there is nothing"),
        pytest.param("ddp", Counts(total=3, done=2, pending=1), id="done and pending"),
        pytest.param("ucs", Counts(total=3, in_progress=3), id="three ways to be in progress"),
        pytest.param("kg", Counts(total=2, skipped=2), id="gone is left alone, as skipped is"),
        pytest.param("fd", Counts(total=2, failed=1, done=1), id="failed"),
    ],
)
def test_cells_are_counted(cells: str, counts: Counts) -> None:
    assert Counts.of(cells) == counts


@pytest.mark.parametrize(
    ("cells", "percent"),
    [
        pytest.param("", 100, id="nothing to do is done"),
        pytest.param("kkg", 100, id="nothing that moves is done"),
        pytest.param("dpp", 33, id="it rounds down"),
        pytest.param("d" * 999 + "p", 99, id="it is not 100 before the last one is done"),
        pytest.param("dk", 100, id="skipped ones are not waited for"),
        pytest.param("df", 50, id="failed ones are not done"),
        pytest.param("sp", 0, id="healthy and stabilizing is not done"),
    ],
)
def test_percent(cells: str, percent: int) -> None:
    assert Counts.of(cells).percent == percent
