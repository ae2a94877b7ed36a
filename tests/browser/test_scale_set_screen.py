"""One scale set in the browser: what its instances run, beside its model."""

from browser import Person
from playwright.sync_api import expect
from story import OLD, PLATFORM, System


def test_a_scale_set_without_instances_says_so(system: System, person: Person) -> None:
    system.scale_set(name="none", capacity=0)
    person.open("scale-sets/demo/none")
    person.sees("It has no instances.")
    assert person.flaws() == []


def test_instances_are_marked_whose_image_is_not_the_models(system: System, person: Person) -> None:
    """A model that leaves its version open names none of theirs; another image of the same version
    is another image.
    """
    system.scale_set(name="open", capacity=4, image={**PLATFORM, "version": "latest"})
    person.open("scale-sets/demo/open")
    expect(person.page.locator(".heat .cell")).to_have_count(4)
    expect(person.page.locator(".heat .cell.other")).to_have_count(0)
    moved = system.scale_set(name="moved", capacity=4)
    other = {**PLATFORM, "sku": "16.04-LTS", "version": OLD}
    system.publish(**other)
    system.fault("foreignWrite", scaleSet=moved, image=other)
    person.open("scale-sets/demo/moved")
    expect(person.page.locator(".heat .cell.other")).to_have_count(4)
