from typing import Any

import pytest

from rollout.inventory import (
    UNKNOWN_TRAITS,
    ImageTraits,
    Machine,
    generation_caution,
    misfits,
    security_types,
)

MACHINE = Machine(os_type="Linux", os_disk_gb=30, security_type="TrustedLaunch", plan="a:b:c")


def test_what_azure_does_not_say_is_no_misfit() -> None:
    assert misfits(UNKNOWN_TRAITS, MACHINE, UNKNOWN_TRAITS) == []
    whole = ImageTraits(os_disk_gb=64, security_types=security_types("TrustedLaunch"), plan="a:b:c")
    [found] = misfits(whole, Machine(security_type="trustedlaunch", os_profile=False), whole)
    assert found.startswith("belongs to the Marketplace plan a:b:c, and the scale set has the plan")


@pytest.mark.parametrize(
    ("traits", "part"),
    [
        ({"os_disk_gb": 31}, "needs an OS disk of 31 GB"),
        ({"os_type": "Windows"}, "is a Windows image"),
        ({"specialized": True}, "is specialized"),
        ({"plan": ""}, "belongs to the Marketplace plan none, and the scale set has the plan a:b"),
        ({"plan": "a:b:d"}, "belongs to the Marketplace plan a:b:d"),
        ({"security_types": frozenset({"Standard"})}, "security type Standard"),
        ({"architecture": "Arm64"}, "is for Arm64 processors"),
    ],
)
def test_each_misfit_says_both_sides(traits: dict[str, Any], part: str) -> None:
    [found] = misfits(ImageTraits(**traits), MACHINE, ImageTraits(architecture="x64"))
    assert part in found


@pytest.mark.parametrize(
    ("traits", "machine"),
    [
        ({"os_disk_gb": 30}, MACHINE),
        ({"os_disk_gb": 300}, Machine()),
        ({"os_type": "LINUX", "architecture": "X64", "plan": "A:b:c"}, MACHINE),
        ({"plan": ""}, Machine()),
        ({"security_types": security_types("TrustedLaunchSupported")}, MACHINE),
        ({"security_types": security_types("TrustedLaunchSupported")}, Machine()),
        ({"security_types": security_types(None)}, Machine(security_type="Standard")),
    ],
)
def test_what_fits(traits: dict[str, Any], machine: Machine) -> None:
    assert misfits(ImageTraits(**traits), machine, ImageTraits(architecture="x64")) == []


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        (None, {"Standard"}),
        ("ConfidentialVM", {"ConfidentialVM"}),
        ("ConfidentialVmSupported", {"Standard", "ConfidentialVM"}),
        (
            "TrustedLaunchAndConfidentialVmSupported",
            {"Standard", "TrustedLaunch", "ConfidentialVM"},
        ),
        ("a word that Azure may add one day", None),
    ],
)
def test_the_security_types_of_an_image(feature: str | None, expected: set[str] | None) -> None:
    assert security_types(feature) == expected


def test_another_generation_is_a_caution() -> None:
    second = ImageTraits(hyper_v_generation="V2")
    assert generation_caution(second, {"V2"}) is None
    assert generation_caution(second, set()) is None
    assert generation_caution(UNKNOWN_TRAITS, {"V1"}) is None
    assert "is of generation V2" in str(generation_caution(second, {"V1", "V2"}))
