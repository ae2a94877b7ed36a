"""A thousand instances."""

import json
import re
from collections import Counter

import pytest
from nightly import NIGHTLY
from story import NEW, OLD, System

PATIENCE = 1800 if NIGHTLY else 480
"""Real seconds for a whole fleet: two hundred scale sets take minutes of a core of their own, and
many times that on a machine that has other things to do.
"""


@pytest.mark.timeout(300)
def test_a_thousand_instances_in_five_domains(system: System) -> None:
    scale_set = system.scale_set(capacity=1000)
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert (view["phase"], view["batches"]) == ("Succeeded", 5)
    assert (truth["peakDown"], truth["violations"]) == (200, [])
    assert Counter(one["upgrades"] for one in truth["instances"]) == {1: 1000}
    assert [len(row["instanceIds"]) for row in view["rows"]] == [200] * 5
    instance = system.api.get(f"/runtime/webhooks/durabletask/instances/{view['id']}").json()
    kilobytes = len(json.dumps(instance["customStatus"]).encode("utf-16-le")) / 1024
    assert kilobytes < 16
    assert not [one for one in system.requests("GET") if SINGLE_INSTANCE.search(one["path"])]
    pages = len([one for one in system.requests("GET") if LIST.search(one["path"])])
    assert pages % PAGES == 0
    assert pages / PAGES / view["batches"] < 20


SINGLE_INSTANCE = re.compile(r"/virtualMachines/\w+")
LIST = re.compile(r"/virtualMachines$")
PAGES = 9  # of 120 instances


@pytest.mark.timeout(2 * PATIENCE)
def test_two_hundred_scale_sets_in_four_waves(system: System) -> None:
    """At night; otherwise twelve of them."""
    size = 50 if NIGHTLY else 3
    groups = [system.small(size, capacity=10, updateDomains=5) for _ in range(4)]
    waves = [
        {
            "name": f"wave {number}",
            "scaleSets": group,
            "maxConcurrent": (size + 1) // 2,
            "bakeAfter": "PT1H",
        }
        for number, group in enumerate(groups)
    ]
    system.start_fleet(waves, id="large-1", policy={"health": {"interval": "PT2M"}})
    view = system.finish_fleet("large-1", patience=PATIENCE)
    assert (view["phase"], view["counts"]["done"]) == ("Succeeded", 4 * size)
    instance = system.api.get(f"/runtime/webhooks/durabletask/instances/{view['id']}").json()
    kilobytes = len(json.dumps(instance["customStatus"]).encode("utf-16-le")) / 1024
    assert kilobytes < 16
    for scale_set in [one for group in groups for one in group]:
        truth = system.truth(scale_set)
        assert truth["violations"] == []
        assert truth["peakDown"] <= 2


@pytest.mark.by_day(0)
@pytest.mark.timeout(2 * PATIENCE)
def test_with_faults_in_a_tenth_of_them_every_row_agrees_with_the_truth(system: System) -> None:
    """Two hundred at night; otherwise twenty."""
    size = 50 if NIGHTLY else 5
    groups = [system.small(size) for _ in range(4)]
    everyone = [scale_set for group in groups for scale_set in group]
    faulty = set(everyone[3::10])
    for scale_set in faulty:
        system.fault("badImage", version=NEW, scaleSet=scale_set.rsplit("/", 1)[-1])
    waves = [
        {
            "name": f"wave {number}",
            "scaleSets": group,
            "maxConcurrent": size,
            "maxFailedScaleSets": size,
        }
        for number, group in enumerate(groups)
    ]
    system.start_fleet(waves, id="faulty-1", policy={"health": {"interval": "PT1M"}})
    view = system.finish_fleet("faulty-1", patience=PATIENCE)
    assert (view["phase"], view["counts"]["failed"]) == ("Succeeded", len(faulty))
    assert view["percent"] == 90
    for row in system.api.get("/api/fleet-rollouts/faulty-1/scale-sets").json():
        truth = system.truth(row["scaleSet"])
        runs = {one["image"].rsplit(":", 1)[-1] for one in truth["instances"]}
        there = ("failed", {OLD}) if row["scaleSet"] in faulty else ("done", {NEW})
        assert (row["state"], runs, truth["violations"]) == (*there, [])
