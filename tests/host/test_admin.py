"""The admin calls."""

from running_host import RunHost, Running


def test_the_status_tells_the_process(skipping: Running) -> None:
    assert skipping.web.get("/admin/host/status").json()["state"] == "Running"
    assert skipping.web.get("/Admin/Host/Ping").status_code == 200


def test_a_function_is_shown(skipping: Running) -> None:
    names = [each["name"] for each in skipping.web.get("/admin/functions").json()]
    assert "doubles" in names
    assert skipping.web.get("/admin/functions/Doubles").json()["name"] == "doubles"
    assert skipping.web.get("/admin/functions/nobody").status_code == 404


def test_a_timer_is_run_only_by_a_request_of_json(run_host: RunHost) -> None:
    timers = run_host("timers", skip=False)
    (name, *_) = [
        each["name"]
        for each in timers.web.get("/admin/functions").json()
        if each["config"]["bindings"][0]["type"] == "timerTrigger"
    ]
    path = f"/admin/functions/{name}"
    assert timers.web.post(path).status_code == 415
    assert timers.web.post(path, content="{}").status_code == 415
    assert timers.web.post(path, json={}).status_code == 202
