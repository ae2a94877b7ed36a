"""Plans as Markdown."""

from typing import Any

import pytest

from pipelines import markdown

BATCH = {
    "number": 1,
    "zone": "1",
    "updateDomain": 0,
    "canary": True,
    "instanceIds": ["3", "1", "2"],
}
PLAN: dict[str, Any] = {
    "fingerprint": "0123456789abcdef",
    "image": {
        "from": {"id": "/subscriptions/s/resourceGroups/g/providers/P/galleries/gold/images/web"},
        "to": {"uri": "https://x.blob.core.windows.net/vhds/web-2.vhd"},
    },
    "modelAlreadySet": True,
    "total": 5,
    "batches": [BATCH],
    "skipped": [
        {"instanceId": "5", "reason": "protected"},
        {"instanceId": "4", "reason": "protected"},
    ],
    "worstCaseDown": 3,
    "worstCaseCapacity": 2,
    "worstCaseCapacityPercent": 40,
    "cost": {"shortest": "PT1H5M", "longest": "P1DT2H"},
    "healthSource": "applicationHealth",
    "warnings": ["an @everyone <b>warning</b>"],
}
WHOLE = """\
### Plan for demo/web

**gold:web → web-2.vhd**

The scale set's model names that image already: only instances are moved.

| batch | where | instances |
|---:|---|---|
| 1 | zone 1, update domain 0, canary | 3: 1-3 |

- 3 of 5 instances in 1 batch, 1 h 5 min to 1 d 2 h
- at the worst moment 3 are down, and 2 (40 %) are up
- health comes from: applicationHealth
- left alone: 4-5 (protected)
- ⚠️ an &#64;everyone &#60;b&#62;warning&#60;/b&#62;

Starts exactly this: `plan: 0123456789abcdef`
"""


def test_a_plan_says_all_that_the_command_says() -> None:
    assert markdown.plan("demo/web", PLAN) == WHOLE


SET = "/subscriptions/s/resourceGroups/DEMO/providers/Microsoft.Compute/virtualMachineScaleSets/"
MEMBER = {"batches": 2, "instances": 4, "skipped": 1, "shortest": "PT2M", "longest": "PT20M"}
FLEET: dict[str, Any] = {
    "fingerprint": "0123456789abcdef",
    "image": {"version": "1.0.7"},
    "instances": 4,
    "worstCaseDown": 1,
    "shortest": "PT2M",
    "longest": "PT20M",
    "waves": [
        {"name": "ring|0", "scaleSets": [{"scaleSet": f"{SET}web", **MEMBER}]},
        {
            "name": "rest",
            "scaleSets": [
                {"scaleSet": f"{SET}old", "refusal": "It is Updating", "warnings": ["a <b>"]}
            ],
        },
    ],
}
WHOLE_FLEET = """\
### Plan for fleets/cve.yaml

**To 1.0.7**

| wave | scale set | batches | instances | left alone | time |
|---|---|---:|---:|---:|---|
| ring&#124;0 | demo/web | 2 | 4 | 1 | 2 min to 20 min |
| rest | demo/old | 0 | 0 | 0 |  |

- 4 instances, 2 min to 20 min
- 1 down at the worst moment
- ⚠️ demo/old would be refused: It is Updating
- ⚠️ demo/old: a &#60;b&#62;

Starts exactly this: `plan: 0123456789abcdef`
"""


def test_a_plan_of_a_fleet_says_wave_by_wave_what_happens_to_whom() -> None:
    assert markdown.fleet_plan("fleets/cve.yaml", FLEET) == WHOLE_FLEET


def test_a_plan_of_a_fleet_of_a_later_app_is_no_error() -> None:
    later: dict[str, Any] = {"waves": [{"scaleSets": [{}]}], "instances": None}
    assert "### Plan for x" in markdown.fleet_plan("x", later)


def test_an_outcome_counts_what_was_rolled() -> None:
    counts = {"counts": {"done": 1, "total": 1, "failed": 0, "skipped": 0}}
    assert "1 of 1 scale set done, 0 failed" in markdown.outcome(counts, "scale set")
    assert "1 of 3 instances done" in markdown.outcome(
        {"counts": {**counts["counts"], "total": 3}}, "instance"
    )


def test_a_plan_that_moves_nothing_says_so() -> None:
    page = markdown.plan("web", {"batches": [], "image": {}})
    assert "Nothing is to be moved." in page


def test_a_plan_of_a_later_app_with_other_fields_is_no_error() -> None:
    assert "### Plan for web" in markdown.plan("web", {"batches": None, "cost": 3, "new": {}})


@pytest.mark.parametrize("text", ["a|b", "![x](http://y)", "<img src=x>", "@team", "`x`", "a\n# b"])
def test_what_others_write_is_no_markup(text: str) -> None:
    page = markdown.refusal(text, text, text)
    lines = page.replace("### No plan for ", "").splitlines()
    markup = set("|<@`[#\\") - set("&#")
    assert not [line for line in lines if markup & set(line)]
    assert sum(line.startswith("#") for line in lines) == 0


def test_a_plan_that_is_too_long_for_a_comment_is_cut_between_lines() -> None:
    ids = [f"web_{number:08x}" for number in range(1000)]
    batches = [{**BATCH, "instanceIds": ids}] * 20
    page = markdown.plan("web", {**PLAN, "batches": batches})
    assert len(page) < 65_536
    assert page.rstrip().endswith("Cut here: the whole is `vmss-rollout plan`.")
    assert page.count("\n| 1 |") == page.count(": web")
