"""HTTP functions, and the durable client inside them."""

from typing import Any

import pytest
from running_host import Running


def client(web_app: Running, call: str, instance: str, *arguments: Any) -> Any:
    answer = web_app.web.post(f"/api/client/{call}/{instance}", json=list(arguments))
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("things/7", '{"id": "7"}'),
        ("THINGS/7/", '{"id": "7"}'),
        ("things/seven", "named seven"),
        ("things/a%20b", "named a b"),
        ("greeting?name=Ada", "hello from web, Ada"),
    ],
)
def test_a_route_is_found_as_the_functions_host_does(
    web_app: Running, path: str, text: str
) -> None:
    assert web_app.web.get(f"/api/{path}").text == text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/things/7"),
        ("GET", "/api/things"),
        ("GET", "/api/things/7/more"),
        ("GET", "/things/7"),
        ("GET", "/api/nothing"),
        ("PUT", "/api/files/a"),
    ],
)
def test_a_wrong_method_or_path_is_404(web_app: Running, method: str, path: str) -> None:
    assert web_app.web.request(method, path).status_code == 404


def test_a_catch_all_takes_the_rest_and_the_answer_is_kept(web_app: Running) -> None:
    answer = web_app.web.post("/api/files/a/b.txt?x=1", content=b"hello")
    assert answer.status_code == 201
    seen = answer.json()
    assert (seen["path"], seen["body"]) == ("a/b.txt", "hello")
    assert seen["url"] == f"{web_app.host.url}/api/files/a/b.txt?x=1"
    assert (answer.headers["x-kind"], answer.cookies["a"]) == ("file", "b")


def test_a_catch_all_takes_nothing_too(web_app: Running) -> None:
    assert web_app.web.get("/api/files").json()["path"] is None


def test_an_exception_is_an_empty_500(web_app: Running) -> None:
    answer = web_app.web.get("/api/broken")
    assert (answer.status_code, answer.content) == (500, b"")


def test_the_level_of_a_function_is_kept(web_app: Running) -> None:
    functions = web_app.web.get("/admin/functions").json()
    levels = {each["name"]: each["config"]["bindings"][0].get("authLevel") for each in functions}
    assert (levels["files"], levels["thing_by_name"]) == ("ADMIN", "ANONYMOUS")


def test_the_app_finds_its_settings(web_app: Running) -> None:
    assert web_app.web.get("/api/setting?name=FUNCTIONS_WORKER_RUNTIME").text == "python"


def test_the_client_starts_and_answers_with_urls(web_app: Running) -> None:
    answer = web_app.web.post("/api/start/waits_twice/it")
    assert (answer.status_code, answer.headers["retry-after"]) == (202, "10")
    assert answer.json()["statusQueryGetUri"].startswith(
        f"{web_app.host.url}/runtime/webhooks/durabletask/instances/it?"
    )


def test_the_client_tells_why_a_start_was_refused(web_app: Running) -> None:
    web_app.web.post("/api/start/waits_twice/it")
    answer = web_app.web.post("/api/start/waits_twice/it")
    assert answer.status_code == 409
    assert "already exists" in answer.text


def test_the_client_sees_its_input_as_a_text(web_app: Running) -> None:
    web_app.web.post("/api/start/waits_twice/it", json={"a": 1})
    assert client(web_app, "get_status", "it")["input"] == '{"a": 1}'


def test_an_event_is_a_text_from_the_client_and_an_object_from_the_api(web_app: Running) -> None:
    web_app.web.post("/api/start/waits_twice/it")
    client(web_app, "raise_event", "it", "first", {"a": 1})
    web_app.send("second", {"a": 1})
    web_app.host.wait_idle()
    assert web_app.status("it")["output"] == ['{"a": 1}', {"a": 1}]


def test_the_client_steers_an_instance_through_its_life(web_app: Running) -> None:
    web_app.web.post("/api/start/waits_twice/it")
    seen: list[str] = []
    for verb in ("suspend", "resume", "terminate"):
        client(web_app, verb, "it", "why")
        web_app.host.wait_idle()
        seen.append(client(web_app, "get_status", "it")["runtimeStatus"])
    assert seen == ["Suspended", "Running", "Terminated"]


def test_the_client_restarts_and_purges(web_app: Running) -> None:
    web_app.web.post("/api/start/waits_twice/it")
    client(web_app, "terminate", "it", "why")
    web_app.host.wait_idle()
    client(web_app, "restart", "it", False)  # noqa: FBT003 - the client's own signature
    client(web_app, "terminate", "it", "why")
    web_app.host.wait_idle()
    assert client(web_app, "purge_instance_history", "it") == 1


def test_the_client_finds_no_status_of_nobody(web_app: Running) -> None:
    assert client(web_app, "get_status", "nobody") is None


def test_the_client_signals_and_reads_entities(web_app: Running) -> None:
    assert web_app.web.get("/api/counter/k").json()[0] is False
    web_app.web.post("/api/counter/k", json=5)
    web_app.host.wait_idle()
    assert web_app.web.get("/api/counter/k").json() == [True, 5]
