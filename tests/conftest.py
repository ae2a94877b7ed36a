"""What all tests share."""

import gc


def pytest_collection_finish() -> None:
    """What has been imported and collected stays: each later collection of garbage would look
    through it again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20)
