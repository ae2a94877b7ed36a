import io
from collections.abc import Callable

import pytest
from rich.console import Console

from rollout.base import Cell, Phase
from vmss_rollout.terminal import words
from vmss_rollout.terminal.icons import CELLS, PHASES
from vmss_rollout.terminal.line import line
from vmss_rollout.terminal.screen import Screen
from vmss_rollout.terminal.show import console_on, show_on
from vmss_rollout.view import View

type Seen = Callable[..., View]


def screen(view: View, width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    Console(file=file, width=width, color_system=None).print(Screen(view))
    text = raw.getvalue().decode(encoding)
    return "\n".join(row.rstrip() for row in text.splitlines())


def test_twenty_instances_in_the_middle(seen: Seen) -> None:
    message = "Batch 3 of 5 (update domain 2): 2 upgrading, 1 waiting to be healthy"
    cells = ["dddd", "dddd", "uucs", "pppp", "pppp"]
    assert (
        screen(seen(Phase.PROGRESSING, message, cells, left=9))
        == """\
web (resource group demo)
Canonical:UbuntuServer:14.04.2-LTS 14.04.201506100 → 14.04.201507060

▶ Progressing  40 %
Batch 3 of 5 (update domain 2): 2 upgrading, 1 waiting to be healthy
8 of 20 done, 4 in progress, 8 pending
elapsed: 7 min, remaining: about 9 min

update domain 0   ✓  ✓  ✓  ✓   4/4  done
update domain 1   ✓  ✓  ✓  ✓   4/4  done
update domain 2   ↑  ↑  ?  ≈   0/4  upgrading
update domain 3   ·  ·  ·  ·   0/4  pending
update domain 4   ·  ·  ·  ·   0/4  pending

· pending  ↑ upgrading  ? checking  ≈ settling  ✓ done"""
    )


def test_twenty_instances_after_a_failure(seen: Seen) -> None:
    message = "Stopped after batch 1 of 5 (update domain 0): instance 5: is unhealthy."
    cells = ["dfdd", "pppp", "pppp", "pppp", "pppk"]
    assert (
        screen(seen(Phase.FAILED, message, cells, minutes=20))
        == """\
web (resource group demo)
Canonical:UbuntuServer:14.04.2-LTS 14.04.201506100 → 14.04.201507060

✗ Failed  15 %
Stopped after batch 1 of 5 (update domain 0): instance 5: is unhealthy.
3 of 20 done, 15 pending, 1 failed, 1 skipped
elapsed: 20 min

update domain 0   ✓  ✗  ✓  ✓   3/4  failed
update domain 1   ·  ·  ·  ·   0/4  pending
update domain 2   ·  ·  ·  ·   0/4  pending
update domain 3   ·  ·  ·  ·   0/4  pending
update domain 4   ·  ·  ·  /   0/4  pending

· pending  ↑ upgrading  ? checking  ≈ settling  ✓ done  ✗ failed  / skipped"""
    )


def test_twenty_instances_at_the_end(seen: Seen) -> None:
    assert (
        screen(seen(Phase.SUCCEEDED, "All are healthy.", ["dddd"] * 5, minutes=17))
        == """\
web (resource group demo)
Canonical:UbuntuServer:14.04.2-LTS 14.04.201506100 → 14.04.201507060

✓ Succeeded  100 %
All are healthy.
20 of 20 done
elapsed: 17 min

update domain 0   ✓  ✓  ✓  ✓   4/4  done
update domain 1   ✓  ✓  ✓  ✓   4/4  done
update domain 2   ✓  ✓  ✓  ✓   4/4  done
update domain 3   ✓  ✓  ✓  ✓   4/4  done
update domain 4   ✓  ✓  ✓  ✓   4/4  done

· pending  ↑ upgrading  ? checking  ≈ settling  ✓ done"""
    )


def test_a_thousand_instances_fit_the_width(seen: Seen) -> None:
    cells = ["d" * 200, "d" * 99 + "f" + "u" * 50 + "p" * 50, *["p" * 200] * 3]
    assert (
        screen(seen(Phase.PROGRESSING, "Batch 3 of 10", cells))
        == """\
web (resource group demo)
Canonical:UbuntuServer:14.04.2-LTS 14.04.201506100 → 14.04.201507060

▶ Progressing  29 %
Batch 3 of 10
299 of 1000 done, 50 in progress, 650 pending, 1 failed
elapsed: 7 min, remaining: estimating

update domain 0  ✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓  200/200  done
update domain 1  ✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✗↑↑↑↑↑↑↑↑↑↑··········   99/200  failed
update domain 2  ········································    0/200  pending
update domain 3  ········································    0/200  pending
update domain 4  ········································    0/200  pending

· pending  ↑ upgrading  ? checking  ≈ settling  ✓ done  ✗ failed
one cell stands for up to 5 instances, the most telling one shown"""
    )


def test_a_terminal_without_unicode_gets_letters(seen: Seen) -> None:
    text = screen(seen(Phase.PROGRESSING, "Batch 1 of 1", ["ducsp"]), encoding="ascii")
    assert "14.04.201506100 -> 14.04.201507060" in text
    assert "> Progressing" in text
    assert "update domain 0   d  u  c  s  p   1/5  upgrading" in text
    assert text.endswith("p pending  u upgrading  c checking  s settling  d done")


def test_a_rollout_that_has_not_begun_shows_what_is_known(seen: Seen) -> None:
    view = seen(Phase.PENDING, "Waiting to begin", [], minutes=0, image={"from": None, "to": None})
    assert (
        screen(view)
        == """\
web (resource group demo)

○ Pending  0 %
Waiting to begin
elapsed: 0 s, remaining: estimating"""
    )


def test_a_notice_stands_beside_the_message(seen: Seen) -> None:
    view = seen(Phase.PROGRESSING, "Batch 1 of 2", ["u", "p"], notice="Abort requested by ann")
    assert "Batch 1 of 2\nAbort requested by ann\n" in screen(view)


def test_keys_and_trouble_stand_above_the_heat_map(seen: Seen) -> None:
    view = seen(Phase.PROGRESSING, "Batch 1 of 2", ["u", "p"])
    file = io.StringIO()
    shown = Screen(view, keys="[p] pause  [q] leave", trouble="No connection: looking again.")
    Console(file=file, width=80, color_system=None, markup=False).print(shown)
    lines = file.getvalue().splitlines()
    assert lines[6:10] == [
        "elapsed: 7 min, remaining: estimating",
        "No connection: looking again.",
        "[p] pause  [q] leave",
        "",
    ]


def test_who_waits_for_people_promises_no_end(seen: Seen) -> None:
    need = {"what": "approval", "sentence": "Batch 2 waits for approval until 14:00."}
    text = screen(seen(Phase.AWAITING_APPROVAL, "Batch 2 waits", ["d", "p"], needs=need))
    assert "Batch 2 waits\nBatch 2 waits for approval until 14:00.\n1 of 2 done" in text
    assert "remaining" not in text


def test_rows_say_their_zone(seen: Seen) -> None:
    rows = [
        {"zone": "1", "updateDomain": 0, "cells": "dp"},
        {"zone": "2", "faultDomain": 1, "cells": "gk"},
        {"cells": "gg"},
    ]
    text = screen(seen(Phase.PROGRESSING, "Batch 1 of 2", ["d"], rows=rows))
    assert "zone 1, update domain 0   ✓  ·   1/2  begun\n" in text
    assert "zone 2, fault domain 1    ∅  /   0/2  skipped\n" in text
    assert "all instances             ∅  ∅   0/2  gone\n" in text


@pytest.mark.parametrize("width", [1, 20, 40, 200])
def test_any_width_will_do(seen: Seen, width: int) -> None:
    assert screen(seen(Phase.PROGRESSING, "Batch 1 of 1", ["d" * 100]), width=width)


GALLERY = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/images/images/batch"
    "/versions/"
)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"id": f"{GALLERY}1.0.6"}, {"id": f"{GALLERY}1.0.7"}, "images:batch 1.0.6 → 1.0.7"),
        ({"uri": "https://a/vhds/a.vhd"}, {"uri": "https://a/vhds/b.vhd"}, "a.vhd → b.vhd"),
        (
            {"publisher": "a", "offer": "b", "sku": "c", "version": "1"},
            {"publisher": "a", "offer": "b", "sku": "d", "version": "1"},
            "a:b:c:1 → a:b:d:1",
        ),
        (None, {"uri": "https://a/vhds/b.vhd"}, "b.vhd"),
    ],
)
def test_images_are_named_by_what_differs(
    seen: Seen, before: dict[str, str] | None, after: dict[str, str], said: str
) -> None:
    change = {"from": before, "to": after}
    view = seen(Phase.PROGRESSING, "Batch 1 of 1", ["p"], image=change)
    assert screen(view).splitlines()[1] == said


@pytest.mark.parametrize("cell", list(Cell))
def test_a_row_of_any_state_has_its_word(cell: Cell) -> None:
    assert words.row_state(cell * 3) == cell.label


def test_an_estimate_that_has_passed_promises_nothing(seen: Seen) -> None:
    assert "remaining: any moment" in screen(seen(Phase.PROGRESSING, "Batch 1", ["u"], left=-1))


def test_every_phase_and_every_cell_has_an_icon_of_its_own() -> None:
    assert PHASES.keys() == set(Phase)
    assert CELLS.keys() == set(Cell)
    assert len({icon.symbol for icon in CELLS.values()}) == len(Cell)
    assert len({icon.ascii for icon in CELLS.values()}) == len(Cell)


def test_what_a_later_version_of_the_app_says_is_no_error(seen: Seen) -> None:
    need = {"what": "moon", "sentence": "It waits for the moon."}
    view = seen("Dreaming", "Batch 1 of 1", ["dz"], needs=need, verbs=["wake"], colour="red")
    assert (
        screen(view, width=100)
        == """\
web (resource group demo)
Canonical:UbuntuServer:14.04.2-LTS 14.04.201506100 → 14.04.201507060

• Dreaming  50 %
Batch 1 of 1
It waits for the moon.
1 of 2 done
elapsed: 7 min, remaining: estimating

update domain 0   ✓  z   1/2  z (not known to this version)

· pending  ↑ upgrading  ? checking  ≈ settling  ✓ done  z z (not known to this version)"""
    )
    assert not view.waits


def test_a_line_has_no_line_breaks_in_it(seen: Seen) -> None:
    view = seen(Phase.FAILED, "It failed:\n\nAzure's reason", ["df"], notice="And more")
    assert line(view) == (
        "Failed 50 % | 1 of 2 done, 1 failed | It failed: Azure's reason | And more"
    )


def test_a_pipe_gets_a_line_per_news_and_the_last_screen(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    file = io.StringIO()
    first = seen(Phase.PROGRESSING, "Batch 1 of 1", ["u"], minutes=1)
    later = seen(Phase.PROGRESSING, "Batch 1 of 1", ["u"], minutes=2)
    last = seen(Phase.SUCCEEDED, "Done.", ["d"], minutes=3)
    with show_on(console_on(file)) as show:
        for view in (first, later, last):
            show.update(view)
    text = file.getvalue()
    assert text.splitlines()[:2] == [line(first), line(last)]
    assert "✓ Succeeded  100 %" in text
    assert "\x1b" not in text


def test_a_terminal_gets_one_screen_that_is_drawn_anew(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    file = io.StringIO()
    with show_on(Console(file=file, force_terminal=True, width=80)) as show:
        show.update(seen(Phase.PROGRESSING, "Batch 1 of 1", ["u"]))
        show.update(seen(Phase.SUCCEEDED, "Done.", ["d"]))
    text = file.getvalue()
    assert "\x1b[1A" in text  # the cursor goes up, over the first screen
    assert text.index("Batch 1 of 1") < text.index("Done.")
