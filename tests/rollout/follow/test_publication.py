"""What an event says."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.follow import Ignored, Publication, publication_of

DEFINITION = (
    "/subscriptions/0-1/resourceGroups/demo/providers/Microsoft.Compute/galleries/golden/images/web"
)
DATA: dict[str, Any] = {
    "operationName": "Microsoft.Compute/galleries/images/versions/write",
    "resourceUri": f"{DEFINITION}/versions/1.0.7",
    "claims": {},
    "authorization": {"evidence": []},
}
EVENT: dict[str, Any] = {
    "id": "e-1",
    "eventType": "Microsoft.Resources.ResourceWriteSuccess",
    "subject": f"{DEFINITION}/versions/1.0.7".replace("resourceGroups", "resourcegroups"),
    "data": DATA,
}
CLOUD: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e-1",
    "type": "Microsoft.Resources.ResourceWriteSuccess",
    "subject": EVENT["subject"],
    "data": DATA,
}
PUBLISHED = Publication(
    version_id=f"{DEFINITION}/versions/1.0.7", definition=DEFINITION, version="1.0.7"
)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(EVENT, id="the Event Grid schema"),
        pytest.param(CLOUD, id="a CloudEvent"),
        pytest.param({**CLOUD, "data": json.dumps(DATA)}, id="data as text"),
        pytest.param({**EVENT, "subject": None}, id="without a subject"),
        pytest.param(
            {**EVENT, "data": {**DATA, "authorization": {"evidence": {"role": "Owner"}}}},
            id="evidence as an object",
        ),
    ],
)
def test_a_version_that_was_written(event: dict[str, Any]) -> None:
    assert publication_of(json.dumps(event)) == PUBLISHED


@pytest.mark.parametrize(
    ("event", "why"),
    [
        pytest.param([], "not a JSON object", id="a list"),
        pytest.param({}, "is a nothing", id="empty"),
        pytest.param(
            {**EVENT, "eventType": "Microsoft.Resources.ResourceDeleteSuccess"},
            "ResourceDeleteSuccess', not a successful write", id="a delete",
        ),
        pytest.param(
            {**EVENT, "data": {"operationName": "Microsoft.Compute/disks/write"}},
            "is about 'Microsoft.Compute/disks/write'", id="a disk",
        ),
        pytest.param({**EVENT, "subject": DEFINITION}, "names no gallery", id="a definition"),
        pytest.param(
            {**EVENT, "subject": f"{DEFINITION}/versions/../../x"}, "names no", id="a climb"
        ),
    ],
)  # fmt: skip
def test_what_is_no_such_event_is_ignored_with_a_reason(event: Any, why: str) -> None:
    ignored = publication_of(json.dumps(event))
    assert isinstance(ignored, Ignored)
    assert why in ignored.reason


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["eventType", "type", "data", "subject", "id", "operationName"]), inner
        )
    ),
    max_leaves=10,
)


@given(_json.map(json.dumps) | st.text(max_size=50))
def test_nothing_makes_it_fail(text: str) -> None:
    assert isinstance(publication_of(text), Publication | Ignored)


def test_versions_are_compared_as_numbers() -> None:
    assert PUBLISHED.newer_than("1.0.6")
    assert not PUBLISHED.newer_than("1.0.10")
    assert not PUBLISHED.newer_than("1.0.7")


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '{"data": "%s"}' % ("[" * 100_000)]
)
def test_what_is_nested_too_deeply_is_ignored(text: str) -> None:
    assert isinstance(publication_of(text), Ignored)


@pytest.mark.parametrize("field", ["eventType", "id", "subject", "operationName"])
def test_what_somebody_sent_forges_no_line_of_the_log(field: str) -> None:
    forged = "x\nCRITICAL all is lost\x1b[31m \u2028" + "y" * 5_000
    event = {**EVENT, "eventType": "Other"} if field == "id" else dict(EVENT)
    if field == "operationName":
        event["data"] = {"operationName": forged}
    else:
        event[field] = forged
    ignored = publication_of(json.dumps(event))
    assert isinstance(ignored, Ignored)
    assert ignored.reason.isascii()
    assert ignored.reason.isprintable()
    assert len(ignored.reason) < 1_000
