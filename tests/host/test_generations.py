"""Going on as new, as the engine of our orchestrations does it, on the local host: it punishes the
wrong way as Azure does (test_as_azure.py).
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import pytest
from running_host import RunHost, Running

from local.host.store import AsAzure

WAITS = 50
SENDERS, EACH = 6, 60
AT_ONCE = WAITS // 2 // SENDERS
ORDER = {"wanted": SENDERS * EACH, "waits": WAITS}


@pytest.fixture(params=[None, "1", "2"], ids=["one by one", "as azure", "as azure too"])
def gathering(run_host: RunHost, request: pytest.FixtureRequest) -> Running:
    """Where several messages may come in one turn, and cancelled timers still fire."""
    as_azure = AsAzure.sparing(request.param) if request.param else None
    running = run_host("generations", skip=False, as_azure=as_azure)
    running.run("gathers", ORDER)
    return running


def say(running: Running, sender: int) -> None:
    """So many at once that there is never more under way than half of the waits: as many as are
    left when a generation rests.
    """
    for number in range(EACH):
        if number % AT_ONCE == 0:
            running.host.wait_idle()
        running.send("said", sender * 1000 + number)


def test_every_event_is_heard_once_through_many_generations(gathering: Running) -> None:
    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(partial(say, gathering), range(SENDERS)))
    gathering.host.wait_idle()
    output = gathering.status("it")["output"]
    assert output, gathering.status("it")
    heard = output["gathered"]
    assert sorted(heard) == [who * 1000 + each for who in range(SENDERS) for each in range(EACH)]
    assert output["generation"] > len(heard) / WAITS
    for sender in range(SENDERS):
        own = [each for each in heard if each // 1000 == sender]
        assert all(one < other for one, other in pairwise(own)), "in the order in which it spoke"


def test_no_history_of_a_generation_is_long(gathering: Running) -> None:
    for number in range(3 * WAITS):
        gathering.send("said", number)
        gathering.host.wait_idle()
        assert len(gathering.host.store.history("it")) < 250
        assert gathering.status("it")["customStatus"]["gathered"] == list(range(number + 1))
