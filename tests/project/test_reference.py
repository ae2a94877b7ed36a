"""docs/api.md says what the app's own contract says."""

from local.reference import PAGE, reference
from triggers.openapi import openapi


def test_the_reference_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(openapi()), "run: make docs"


def test_every_call_and_every_field_is_in_it() -> None:
    document, page = openapi(), reference(openapi())
    calls = [
        f"### `{method.upper()} /api{path}`"
        for path, methods in document["paths"].items()
        for method in methods
    ]
    schemas = document["components"]["schemas"].values()
    fields = {f"| `{name}` |" for schema in schemas for name in schema.get("properties", {})}
    assert calls
    assert fields
    assert not [one for one in [*calls, *fields] if one not in page]
