"""A rehearsal asks no gate and calls no hook: behind their addresses are real things."""

import json
from pathlib import Path

import pytest
from answering import ALLOWS_LOOPBACK, YES, answering
from command import Person
from story import NEW, System


def test_neither_gates_nor_hooks_are_called(
    system: System, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*ALLOWS_LOOPBACK)
    monkeypatch.setenv("ROLLOUT_SECRET_KEY", "of the real app alone")
    system.scale_set(name="quiet", capacity=2, updateDomains=2)
    with answering() as host:
        call = {"kind": "http", "url": host.says("/hook", YES)}
        secret = {"kind": "callback", "url": f"{host.url}/q", "headers": {"X": {"secret": "KEY"}}}
        policy = {
            "hooks": [
                {"name": "drain", "place": "beforeBatch", "call": call},
                {"name": "put back", "place": "afterBatch", "call": call},
            ],
            "gates": [
                {"name": "alerts", "place": "beforeBatch", "check": {"kind": "alert"}},
                {"name": "tests", "place": "afterBatch", "check": secret},
            ],
        }
        file = tmp_path / "policy.json"
        file.write_text(json.dumps(policy), encoding="utf-8")
        done = person.says("rehearse", "quiet", NEW, "--policy", str(file), "-o", "json")
        assert done.code == 0, done.err
        assert host.asked == []
    report = json.loads(done.out)
    assert report["phase"] == "Succeeded"
    assert (
        "Its gates (alerts, tests) were not asked, and its hooks (drain, put back) not called: "
        "a rehearsal reaches nobody." in report["notAsThere"]
    )
