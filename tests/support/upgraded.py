"""What became of the instances of a scale set."""

from story import System


def images(system: System, scale_set: str) -> set[str]:
    truth = system.truth(scale_set)
    assert truth["violations"] == []
    return {each["image"].rpartition(":")[2] for each in truth["instances"]}


def upgrades(system: System, scale_set: str) -> int:
    return sum(each["upgrades"] for each in system.truth(scale_set)["instances"])
