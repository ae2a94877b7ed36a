"""Faults as people type them are faults as the simulated Azure knows them."""

from datetime import timedelta

import pytest

from local.arm.model import fault_from_json
from local.rehearsal.order import Misfortune
from vmss_rollout.command_error import UsageError
from vmss_rollout.rehearsal.faults import KINDS, listed, misfortunes
from vmss_rollout.rehearsal.lengths import length

IDS = ["0", "3", "web_1a"]


@pytest.mark.parametrize("name", KINDS)
def test_the_simulated_azure_knows_each(name: str) -> None:
    kind = KINDS[name]
    forms = [f"3={name}", f"3,web_1A={name}@90s"] if kind.of_instances else [name, f"{name}@1h"]
    with_value = [f"{forms[0]}={kind.value}"] if kind.value else []
    for form in [*forms, *with_value]:
        for told in misfortunes([form], IDS):
            assert Misfortune.from_json(told).against("a:b:c:1.0").kind


def test_one_can_be_about_the_new_image_or_some_instances_and_begin_later() -> None:
    (slow,) = misfortunes(["3=slow-boot=10m@1h30m"], IDS)
    assert slow["fault"] == {"kind": "slowBoot", "instanceIds": ["3"], "seconds": 600.0}
    assert slow["at"] == 5400
    (bad,) = misfortunes(["badImage"], IDS)
    told = Misfortune.from_json(bad).against("a:b:c:1.0")
    assert told == fault_from_json({"kind": "badImage", "id": "a:b:c:1.0"})


def test_any_declaration_of_the_simulated_azure_is_taken() -> None:
    (told,) = misfortunes(['{"kind": "throttle", "count": 2}'], IDS)
    assert told["fault"]["count"] == 2


@pytest.mark.parametrize(
    ("typed", "sentence", "hint"),
    [
        ("bad-imag", "There is no fault 'bad-imag'.", "Did you mean bad-image?"),
        ("3=nothing", "There is no fault 'nothing'.", "There are: bad-image,"),
        ("4=fails", "There is no instance '4'.", "There are: 0, 3, web_1a"),
        ("fails", "Which instances? 'fails' is about some.", "--fault 3=fails"),
        ("3=throttle", "'throttle' is not about single instances.", "--fault throttle"),
        ("3=fails=1", "'fails' takes no value.", "fails@5m"),
        ("bad-image@soon", "'soon' is no length of time.", "90s, 4m or 1h30m"),
        ("scale-out=many", "'many' is no number above 0.", "scale-out=2"),
        ("{nothing", "'{nothing' is no JSON.", '{"kind": "slowBoot"}'),
    ],
)
def test_what_cannot_be_meant_is_said(typed: str, sentence: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        misfortunes([typed], IDS)
    assert refused.value.sentence == sentence
    assert hint in refused.value.next_step


def test_help_has_each() -> None:
    assert [name for name in KINDS if name not in listed()] == []


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("90s", 90), ("4m", 240), ("1h30m", 5400), ("300", 300), ("PT5M", 300), ("1d", 86_400)],
)
def test_lengths_of_time(typed: str, seconds: int) -> None:
    assert length(typed) == timedelta(seconds=seconds)
