"""A thousand instances."""

import json
import re
from collections import Counter

from story import System


def test_a_thousand_instances_in_five_domains(system: System) -> None:
    scale_set = system.scale_set(capacity=1000)
    view = system.run(scale_set)
    truth = system.truth(scale_set)
    assert (view["phase"], view["batches"]) == ("Succeeded", 5)
    assert (truth["peakDown"], truth["violations"]) == (200, [])
    assert Counter(one["upgrades"] for one in truth["instances"]) == {1: 1000}
    kilobytes = len(json.dumps(view).encode("utf-16-le")) / 1024
    assert kilobytes < 16
    assert not [one for one in system.requests("GET") if SINGLE_INSTANCE.search(one["path"])]
    pages = len([one for one in system.requests("GET") if LIST.search(one["path"])])
    assert pages % PAGES == 0
    assert pages / PAGES / view["batches"] < 20


SINGLE_INSTANCE = re.compile(r"/virtualMachines/\w+")
LIST = re.compile(r"/virtualMachines$")
PAGES = 9  # of 120 instances
