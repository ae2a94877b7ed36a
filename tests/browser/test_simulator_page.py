"""The simulated Azure's own page: failures are rehearsed with a mouse, and seen with the eyes."""

from typing import Literal

import pytest
from browser import Axe
from playwright.sync_api import Page, expect
from simulated import Simulator, cell, choose, let_it_happen

from local.arm.example import NEWER_UBUNTU
from local.arm.http import create_app
from local.arm.model import Azure, ScaleSetSpec
from local.base import ManualClock, Server

FORMS = ("Bad image", "Stuck instance", "Errors", "Publish an image", "New scale set")
UBUNTU = f"Canonical:UbuntuServer:14.04.2-LTS:{NEWER_UBUNTU}"


def test_a_bad_image_is_rehearsed_and_taken_away_with_a_mouse(
    opened: Page, simulator: Simulator
) -> None:
    active = opened.locator("#active")
    expect(active).to_contain_text("Azure works as it should")
    let_it_happen(choose(opened, "Bad image"))
    expect(active).to_contain_text("Bad image")
    expect(active).to_contain_text(f"UbuntuServer:14.04.2-LTS {NEWER_UBUNTU}")
    assert simulator.faults() == [{"kind": "badImage", "id": UBUNTU}]
    active.get_by_role("button", name="Take it away: Bad image").click()
    expect(active).to_contain_text("Azure works as it should")
    assert simulator.faults() == []


def test_the_rows_turn_and_a_bad_image_shows(opened: Page, simulator: Simulator) -> None:
    let_it_happen(choose(opened, "Bad image"))
    expect(cell(opened, "0")).to_have_text("✓")
    simulator.upgrade("0", "1")
    expect(cell(opened, "0")).to_have_text("↑")
    expect(cell(opened, "2")).to_have_text("·")
    simulator.pass_time(300)
    expect(cell(opened, "0")).to_have_accessible_name("instance 0: unhealthy")
    web = opened.locator(".set").first
    expect(web).to_contain_text("2 down now, at most 2 at once")
    expect(web).to_contain_text("two update domains down at once")


def test_an_instance_is_chosen_and_made_sick(opened: Page, simulator: Simulator) -> None:
    cell(opened, "3").click()
    expect(opened.get_by_text("Instance 3, update domain 3")).to_be_visible()
    opened.get_by_role("button", name="Make it sick").click()
    let_it_happen(opened.get_by_role("dialog"))
    expect(cell(opened, "3")).to_have_accessible_name("instance 3: unhealthy")
    (fault,) = simulator.faults()
    assert (fault["kind"], fault["instanceIds"]) == ("flapping", ["3"])
    assert str(fault["scaleSet"]).endswith("/virtualMachineScaleSets/web")


def test_the_keyboard_is_enough(opened: Page, simulator: Simulator) -> None:
    cell(opened, "0").focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        opened.keyboard.press(key)
    expect(opened.locator(".one:visible strong")).to_contain_text("Instance 6,")
    opened.get_by_role("button", name="Delete it").focus()
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("dialog")).to_be_visible()
    opened.keyboard.press("Escape")
    expect(opened.get_by_role("dialog")).to_have_count(0)
    assert simulator.faults() == []


def every_fault(page: Page) -> list[str]:
    page.evaluate("for (const group of document.querySelectorAll('details')) group.open = true")
    return page.locator("#menu .choices strong").all_inner_texts()


def test_every_fault_of_the_menu_is_accepted_as_it_is_proposed(
    opened: Page, simulator: Simulator
) -> None:
    names = every_fault(opened)
    for number in range(len(names)):
        opened.locator("#menu .choices button").nth(number).click()
        let_it_happen(opened.get_by_role("dialog"))
    at_once = {"Stopped or evicted", "Deleted", "New instances", "Somebody changes the model"}
    stay = [name for name in names if name not in at_once]
    expect(opened.locator("#active li strong")).to_have_text(stay)
    opened.get_by_role("button", name="Take all away").click()
    expect(opened.locator("#active")).to_contain_text("Azure works as it should")
    assert simulator.faults() == []
    truth = simulator.azure.truth("demo", "web")
    assert len(truth["instances"]) == 21
    assert truth["image"] == UBUNTU


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(opened: Page) -> None:
    form = choose(opened, "New scale set")
    form.get_by_label("Name").fill("no good name!")
    form.get_by_role("button", name="Make it").click()
    expect(form.get_by_role("alert")).to_contain_text("name")
    expect(form.get_by_label("Name")).to_have_value("no good name!")
    form.get_by_label("Name").fill("web")
    form.get_by_role("button", name="Make it").click()
    expect(form.get_by_role("alert")).to_contain_text("there is a scale set")


def test_an_image_is_published(opened: Page, simulator: Simulator) -> None:
    form = choose(opened, "Publish an image")
    form.get_by_label("Of which image").select_option("golden/web")
    expect(form.get_by_label("Version")).to_have_value("1.0.1")
    form.get_by_role("button", name="Publish", exact=True).click()
    expect(opened.locator("#images")).to_contain_text("1.0.1")
    ids = [image.identity for image, _ in simulator.azure.published_images()]
    assert ids[-1].endswith("/galleries/golden/images/web/versions/1.0.1")


@pytest.mark.parametrize(
    ("family", "proposed", "published"),
    [
        ("Canonical:UbuntuServer:14.04.2-LTS", "14.04.201507061", "14.04.201507061"),
        ("new", "1.0.0", "/galleries/golden/images/api/versions/1.0.0"),
    ],
)
def test_images_of_every_kind_are_published(
    opened: Page, simulator: Simulator, family: str, proposed: str, published: str
) -> None:
    form = choose(opened, "Publish an image")
    form.get_by_label("Of which image").select_option(family)
    expect(form.get_by_label("Version")).to_have_value(proposed)
    form.get_by_role("button", name="Publish", exact=True).click()
    expect(form).to_have_count(0)
    ids = [image.identity for image, _ in simulator.azure.published_images()]
    assert ids[-1].endswith(published)


@pytest.mark.parametrize(("kind", "domains"), [("Uniform", 3), ("Flexible", None)])
def test_a_scale_set_is_made(
    opened: Page, simulator: Simulator, kind: str, domains: int | None
) -> None:
    form = choose(opened, "New scale set")
    form.get_by_label("Instances").fill("6")
    form.get_by_label("Update domains").fill("3")
    form.get_by_label("Zones").select_option("1 and 2")
    form.get_by_label("Kind").select_option(kind)
    form.get_by_role("button", name="Make it").click()
    expect(opened.get_by_role("heading", name="mine-1")).to_be_visible()
    instances = simulator.azure.truth("demo", "mine-1")["instances"]
    assert {one["zone"] for one in instances} == {"1", "2"}
    assert len({one["updateDomain"] for one in instances}) == (domains or 1)


def test_an_azure_that_has_gone_is_said_and_found_again(opened: Page) -> None:
    opened.route("**/_sim", lambda route: route.abort())
    expect(opened.locator("#offline")).to_contain_text("does not answer")
    opened.unroute("**/_sim")
    expect(opened.locator("#offline")).to_be_hidden()


def test_an_empty_azure_says_what_to_do(page: Page) -> None:
    with Server(create_app(Azure(ManualClock()))) as server:
        page.goto(server.url)
        expect(page.get_by_text("There is no scale set yet")).to_be_visible()
        choose(page, "New scale set").get_by_role("button", name="Make it").click()
        expect(page.get_by_role("heading", name="mine-1")).to_be_visible()
        page.close()


def test_a_thousand_instances_are_drawn(opened: Page, simulator: Simulator) -> None:
    simulator.azure.add_scale_set(ScaleSetSpec(name="large", capacity=1000))
    cells = opened.locator(".set").last.locator(".cell")
    expect(cells).to_have_count(1000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_use_it(
    opened: Page, simulator: Simulator, axe: Axe, scheme: Literal["light", "dark"], width: int
) -> None:
    opened.emulate_media(color_scheme=scheme)
    opened.set_viewport_size({"width": width, "height": 900})
    every_fault(opened)
    let_it_happen(choose(opened, "Bad image"))
    simulator.upgrade("0", "1")
    cell(opened, "0").click()
    axe()
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    for name in FORMS:
        choose(opened, name)
        axe()
        opened.keyboard.press("Escape")
