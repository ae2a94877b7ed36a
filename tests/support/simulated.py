"""The simulated Azure with its own page, and the hands of somebody who uses it."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from local.arm.example import NEWER_UBUNTU, add_example_fleet
from local.arm.http import create_app
from local.arm.model import Azure
from local.base import ManualClock, Server


class Simulator:
    """The simulated Azure with its example fleet, behind an address."""

    def __init__(self, azure: Azure, clock: ManualClock, url: str) -> None:
        self.azure = azure
        self.clock = clock
        self.url = url

    def faults(self) -> list[dict[str, object]]:
        listed = httpx.get(f"{self.url}/_sim/faults", trust_env=False).json()
        return [one["fault"] for one in listed]

    def listed(self, what: str) -> list[dict[str, Any]]:
        """What a control lists, such as "alerts"."""
        return httpx.get(f"{self.url}/_sim/{what}", trust_env=False).json()

    def receive(self, box: str, body: object) -> httpx.Response:
        """Somebody posts that to the receiver."""
        return httpx.post(f"{self.url}/_sim/received/{box}", json=body, trust_env=False)

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    def upgrade(self, *ids: str) -> None:
        """What a deployment would do: the model gets the newer image, these instances follow."""
        image = {"storageProfile": {"imageReference": {"version": NEWER_UBUNTU}}}
        self._ask("PATCH", "", {"properties": {"virtualMachineProfile": image}})
        self.pass_time(10)
        self._ask("POST", "/manualupgrade", {"instanceIds": ids})

    def _ask(self, method: str, path: str, body: object) -> None:
        """A call of ARM about the scale set web."""
        url = f"{self.url}{self.azure.truth('demo', 'web')['id']}{path}?api-version=2024-07-01"
        headers = {"Authorization": "Bearer any"}
        answer = httpx.request(method, url, json=body, headers=headers, trust_env=False)
        assert answer.is_success, answer.text


@contextmanager
def simulating() -> Generator[Simulator]:
    """On a clock that is moved by hand."""
    clock = ManualClock()
    azure = Azure(clock)
    add_example_fleet(azure)
    with Server(create_app(azure)) as server:
        yield Simulator(azure, clock, server.url)


def choose(page: Page, fault: str) -> Locator:
    """Open the form of a fault of the menu, or of something else that there is to do."""
    page.get_by_role("button", name=re.compile(f"^{re.escape(fault)}")).click()
    return page.get_by_role("dialog")


def let_it_happen(form: Locator) -> None:
    form.get_by_role("button", name="Let it happen").click()
    expect(form).to_have_count(0)


def cell(page: Page, instance: str) -> Locator:
    """That instance of the scale set web."""
    return page.locator(".set").first.locator(f'[data-id="{instance}"]')


def came(page: Page) -> Locator:
    """The newest of what came."""
    return page.locator("#received > li").first


def field(form: Locator, label: str) -> Locator:
    """By the beginning of its label: hints and choices are in it as well."""
    return form.get_by_label(re.compile(f"^{label}"))
