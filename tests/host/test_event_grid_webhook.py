"""The Event Grid webhook."""

import json
from typing import Any

import pytest
from running_host import Running


def event(number: int, **data: Any) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "topic": "/subscriptions/s",
        "subject": "image",
        "eventType": "Microsoft.Resources.ResourceWriteSuccess",
        "eventTime": "2026-11-20T10:15:30.1234567Z",
        "data": data,
        "dataVersion": "2",
    }


def grid(web_app: Running, kind: str, body: Any, function: str = "image_published") -> Any:
    return web_app.web.post(
        f"/runtime/webhooks/eventgrid?functionName={function}",
        json=body,
        headers={"aeg-event-type": kind},
    )


@pytest.mark.parametrize(
    "body",
    [
        [{"data": {"validationCode": "42"}}],
        {"data": json.dumps({"validationCode": "42"}), "specversion": "1.0"},
    ],
)
def test_event_grid_is_given_its_validation_code(web_app: Running, body: Any) -> None:
    answer = grid(web_app, "SubscriptionValidation", body)
    assert (answer.status_code, answer.json()) == (200, {"validationResponse": "42"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_each_event_is_an_invocation_of_its_own(web_app: Running) -> None:
    answer = grid(web_app, "Notification", [event(1), event(2)])
    assert (answer.status_code, answer.content) == (202, b"")
    assert web_app.web.get("/api/delivered").json() == ["e1", "e2"]


def test_one_failed_event_makes_event_grid_send_all_again(web_app: Running) -> None:
    answer = grid(web_app, "Notification", [event(1), event(2, fail=True)])
    assert (answer.status_code, answer.text) == (500, "cannot take this one")
    assert web_app.web.get("/api/delivered").json() == ["e1"]


@pytest.mark.parametrize("name", ["nobody", "Image_Published"])
def test_event_grid_is_told_of_functions_that_are_not_there(web_app: Running, name: str) -> None:
    answer = grid(web_app, "Notification", [], name)
    assert (answer.status_code, answer.text) == (404, f"cannot find function: '{name}'")


def test_the_address_has_no_case(web_app: Running) -> None:
    url = "/runtime/webhooks/EventGrid?functionName=image_published"
    answer = web_app.web.post(url, json=[event(1)], headers={"aeg-event-type": "Notification"})
    assert answer.status_code == 202


@pytest.mark.parametrize(("kind", "status"), [("Unsubscribe", 202), ("Nonsense", 400)])
def test_other_event_grid_messages(web_app: Running, kind: str, status: int) -> None:
    assert grid(web_app, kind, []).status_code == status


def cloud_event(number: int, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"c{number}",
        "source": "/subscriptions/s",
        "type": "Microsoft.Resources.ResourceWriteSuccess",
        "subject": "image",
        "time": "2026-11-20T10:15:30.1234567Z",
        "data": data,
    }


@pytest.mark.parametrize(
    ("body", "kind", "identity"),
    [([event(1, a=1)], "EventGridEvent", "e1"), (cloud_event(1, a=1), "CloudEvent", "c1")],
)
def test_one_function_takes_both_schemas(
    web_app: Running, body: Any, kind: str, identity: str
) -> None:
    assert grid(web_app, "Notification", body, "either_schema").status_code == 202
    (told,) = web_app.web.get("/api/delivered").json()
    assert json.loads(told) == [
        kind, identity, "Microsoft.Resources.ResourceWriteSuccess", "image", {"a": 1},
    ]  # fmt: skip


def test_a_cloud_event_that_fails_is_sent_again(web_app: Running) -> None:
    answer = grid(web_app, "Notification", cloud_event(1, fail=True))
    assert (answer.status_code, answer.text) == (500, "cannot take this one")


@pytest.mark.parametrize("kind", ["SubscriptionValidation", "Notification"])
@pytest.mark.parametrize("body", [b"not json", b"{", b"5", b'"text"', b"[1]"])
def test_what_is_no_event_is_an_empty_failure(web_app: Running, kind: str, body: bytes) -> None:
    url = "/runtime/webhooks/eventgrid?functionName=image_published"
    answer = web_app.web.post(url, content=body, headers={"aeg-event-type": kind})
    assert (answer.status_code, answer.content) == (500, b"")


@pytest.mark.parametrize("body", [[], {}, [{"data": {}}], {"data": "text"}])
def test_a_handshake_without_a_code_is_a_failure(web_app: Running, body: Any) -> None:
    assert grid(web_app, "SubscriptionValidation", body).status_code == 500


def test_options_allow_event_grid(web_app: Running) -> None:
    headers = {"WebHook-Request-Origin": "eventgrid.azure.net"}
    url = "/runtime/webhooks/eventgrid?functionName=image_published"
    answer = web_app.web.options(url, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["webhook-allowed-origin"] == "eventgrid.azure.net"
