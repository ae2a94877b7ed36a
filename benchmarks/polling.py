"""How often Durable's Azure Storage back end asks its queues while it waits for something.

Read in the source of DurableTask.AzureStorage: after a message it asks again after 50 ms, and then
after twice as long each time, up to host.json's maxQueuePollingInterval.
"""

_FIRST = 0.05


def polls(seconds: float, longest: float) -> int:
    """How often one queue is asked in so many seconds in which nothing comes."""
    asked, passed, pause = 0, 0.0, _FIRST
    while (passed := passed + pause) <= seconds:
        asked += 1
        pause = min(2 * pause, longest)
    return asked
