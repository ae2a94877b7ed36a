"""What recorded images say of themselves."""

import json
from pathlib import Path
from typing import Any

from compute.images.traits import definition_traits, managed_traits, plan_of, platform_traits
from rollout.inventory import ImageTraits, security_types

TESTS = Path(__file__).parents[1]
STANDARD = security_types(None)


def recorded(name: str) -> Any:
    """The body of a recorded exchange."""
    place = next(TESTS.glob(f"*/recorded/{name}.json"))
    return json.loads(place.read_text())["response"]["body"]


def test_a_platform_image() -> None:
    """Its 30 GB and a footer are no 31 GB."""
    traits = platform_traits(recorded("platform-image-version-get"))
    assert traits == ImageTraits("Linux", 30, "V1", "x64", STANDARD, None, "")


def test_a_platform_image_of_generation_2_that_does_not_say_is_not_judged() -> None:
    body = recorded("platform-image-version-get")
    body["properties"]["hyperVGeneration"] = "V2"
    assert platform_traits(body).security_types is None
    body["properties"]["features"].append(
        {"name": "SecurityType", "value": "TrustedLaunchSupported"}
    )
    assert platform_traits(body).security_types == {"Standard", "TrustedLaunch"}


def test_a_gallery_image_definition() -> None:
    traits = definition_traits(recorded("gallery-image-get"))
    specialized, plan = False, None
    assert traits == ImageTraits("Linux", None, "V1", "x64", STANDARD, specialized, plan)


def test_a_managed_image_becomes_standard_vms_only() -> None:
    disk = {"osType": "Windows", "osState": "Specialized", "diskSizeGB": 127}
    properties = {"hyperVGeneration": "V2", "storageProfile": {"osDisk": disk}}
    traits = managed_traits({"properties": properties})
    specialized = True
    assert traits == ImageTraits("Windows", 127, "V2", None, STANDARD, specialized)


def test_a_plan_is_one_text() -> None:
    assert plan_of({"name": "pro", "publisher": "contoso", "product": "web"}) == "contoso:web:pro"
    assert plan_of({}) is None
