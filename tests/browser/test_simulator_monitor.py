"""Azure Monitor on the simulated Azure's page: alerts, metrics and answers to queries, by mouse."""

import httpx
import pytest
from browser import PHONE, Person
from playwright.sync_api import Locator, Page, expect
from simulated import Simulator, choose, field

FORMS = ("Fire an alert", "Set a metric", "Answer a query")


@pytest.fixture
def listed(opened: Page) -> Locator:
    """What the page lists of Azure Monitor."""
    return opened.get_by_role("list", name="What Azure Monitor says")


def confirm(form: Locator, button: str) -> None:
    form.get_by_role("button", name=button, exact=True).click()
    expect(form).to_have_count(0)


def web(simulator: Simulator) -> str:
    return simulator.azure.truth("demo", "web")["id"]


def test_an_alert_fires_and_is_resolved(
    opened: Page, simulator: Simulator, listed: Locator
) -> None:
    expect(listed).to_contain_text("Nothing")
    form = choose(opened, "Fire an alert")
    field(form, "Rule").fill("checkout errors")
    field(form, "Severity").select_option("Sev1")
    confirm(form, "Fire it")
    expect(listed).to_contain_text("Alert “checkout errors” fired")
    expect(listed).to_contain_text("Sev1, on web, ")
    [alert] = simulator.listed("alerts")
    assert (alert["condition"], alert["severity"], alert["resource"]) == (
        "Fired",
        "Sev1",
        web(simulator),
    )
    assert alert["rule"].endswith(
        "/resourceGroups/demo/providers/Microsoft.Insights/metricAlerts/checkout errors"
    )
    listed.get_by_role("button", name="Resolve: alert “checkout errors”").click()
    expect(listed).to_contain_text("Alert “checkout errors” resolved")
    expect(listed.get_by_role("button")).to_have_count(0)
    assert simulator.listed("alerts")[0]["condition"] == "Resolved"


def test_an_alert_is_about_any_resource_and_fires_later(
    opened: Page, simulator: Simulator, listed: Locator
) -> None:
    balancer = web(simulator).replace(
        "Microsoft.Compute/virtualMachineScaleSets/web", "Microsoft.Network/loadBalancers/front"
    )
    form = choose(opened, "Fire an alert")
    field(form, "Another resource").fill(balancer)
    field(form, "In how many seconds").fill("90")
    confirm(form, "Fire it")
    expect(listed).to_contain_text("fires at 00:01:30")
    [alert] = simulator.listed("alerts")
    assert alert["resource"] == balancer
    listed.get_by_role("button").click()
    expect(listed).to_contain_text("Nothing")
    assert simulator.listed("alerts") == []


def test_a_metric_is_set_as_a_whole_and_for_instances(
    opened: Page, simulator: Simulator, listed: Locator
) -> None:
    form = choose(opened, "Set a metric")
    field(form, "Value").fill("40")
    confirm(form, "Set it")
    expect(listed).to_contain_text("Percentage CPU: 40")
    form = choose(opened, "Set a metric")
    field(form, "Value").fill("95")
    field(form, "Instances").fill("0, 1")
    confirm(form, "Set it")
    expect(listed).to_contain_text("web, VMName web_0, web_1")
    shown = [(each["value"], each["dimensions"]) for each in simulator.listed("metrics")]
    assert shown == [(40, {}), (95, {"VMName": "web_0"}), (95, {"VMName": "web_1"})]
    listed.get_by_role("button", name="Take it away: Percentage CPU: 95").click()
    expect(listed.get_by_role("listitem")).to_have_count(1)
    assert [each["value"] for each in simulator.listed("metrics")] == [40]


def test_an_instance_of_a_flexible_set_is_named_by_its_vm(
    opened: Page, simulator: Simulator
) -> None:
    flexible = "test-flexible"
    body = {"name": flexible, "capacity": 2, "orchestrationMode": "Flexible"}
    made = httpx.post(f"{simulator.url}/_sim/scale-sets", json=body, trust_env=False).json()["id"]
    name = simulator.azure.truth("demo", flexible)["instances"][0]["instanceId"]
    expect(opened.get_by_role("heading", name=flexible)).to_be_visible()
    form = choose(opened, "Set a metric")
    field(form, "Scale set").select_option(made)
    field(form, "Value").fill("1")
    field(form, "Instances").fill(name)
    confirm(form, "Set it")
    [series] = simulator.listed("metrics")
    assert (series["resource"], series["dimensions"]) == (made, {"VMName": name})


def test_a_metric_without_values(opened: Page, simulator: Simulator, listed: Locator) -> None:
    form = choose(opened, "Set a metric")
    field(form, "Value").fill("")
    confirm(form, "Set it")
    expect(listed).to_contain_text("Percentage CPU: no value")
    assert simulator.listed("metrics")[0]["value"] is None


def test_queries_are_answered_with_a_row_with_none_or_with_an_error(
    opened: Page, simulator: Simulator, listed: Locator
) -> None:
    form = choose(opened, "Answer a query")
    field(form, "Column").fill("failed")
    field(form, "Number").fill("0.2")
    confirm(form, "Answer so")
    expect(listed).to_contain_text("failed = 0.2")
    expect(listed).to_contain_text("for every query")
    form = choose(opened, "Answer a query")
    field(form, "Part of the query").fill("AppExceptions")
    field(form, "Answer").select_option("an error")
    confirm(form, "Answer so")
    expect(listed).to_contain_text("BadArgumentError")
    expect(listed).to_contain_text("for queries with “AppExceptions”")
    form = choose(opened, "Answer a query")
    field(form, "Part of the query").fill("Perf")
    field(form, "Answer").select_option("no row")
    confirm(form, "Answer so")
    expect(listed).to_contain_text("no row")
    tables = [(each["table"], each["error"]) for each in simulator.listed("logs")]
    assert tables[0] == (
        {"name": "PrimaryResult", "columns": {"failed": "real"}, "rows": [[0.2]]},
        "",
    )
    assert [error for _, error in tables] == ["", "BadArgumentError", ""]
    for _ in range(3):
        count = listed.get_by_role("button").count()
        listed.get_by_role("button").first.click()
        expect(listed.get_by_role("button")).to_have_count(count - 1)
    assert simulator.listed("logs") == []


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(opened: Page) -> None:
    form = choose(opened, "Set a metric")
    field(form, "Metric").fill(" ")
    form.get_by_role("button", name="Set it").click()
    expect(form.get_by_role("alert")).to_contain_text("name")
    expect(field(form, "Value")).to_have_value("50")


def test_on_a_phone_as_well_and_for_everybody(page: Page, simulator: Simulator) -> None:
    person = Person(page, simulator.url)
    page.goto(simulator.url)
    page.set_viewport_size(PHONE)
    for name in FORMS:
        form = choose(page, name)
        assert person.flaws() == []
        form.get_by_role("button", name="Cancel").click()
    for name, button in zip(FORMS, ("Fire it", "Set it", "Answer so"), strict=True):
        confirm(choose(page, name), button)
    expect(page.get_by_role("list", name="What Azure Monitor says").locator("li")).to_have_count(3)
    assert person.flaws() == []
    assert person.fits()
