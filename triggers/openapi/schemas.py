"""The schemas of what is sent and of what is answered, from the models."""

from collections.abc import Iterable
from typing import Any, cast, override

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core import core_schema

from rollout.base import Shown, Value
from rollout.inventory import ImageChange
from triggers.openapi.operation import Json

_SCHEMAS = "#/components/schemas/"
_TEMPLATE = f"{_SCHEMAS}{{model}}"
_OF_ANSWERS, _OF_REQUESTS = "Shown", ""
"""What ends the name of a schema that is not the same in answers and in requests."""
_ALWAYS_WHOLE = (Shown, ImageChange)
"""Kinds of values that are answered with every field, null if it has no value."""


def schemas_of(taken: Iterable[type[Value]], given: Iterable[type[Value]]) -> Json:
    """The schemas of these requests and answers, and of all that stands in them, by name."""
    models = [(model, "validation") for model in dict.fromkeys(taken)]
    models += [(model, "serialization") for model in dict.fromkeys(given)]
    _, found = models_json_schema(
        models,  # pyright: ignore[reportArgumentType]
        ref_template=_TEMPLATE,
        schema_generator=ContractSchemas,
    )
    return {_named(name): _renamed(schema) for name, schema in found["$defs"].items()}


class ContractSchemas(GenerateJsonSchema):
    """Pydantic's schemas, so that programs generated from them are right. In a request, what has a
    default may be left out: openapi-typescript takes a property with `default` for one that has to
    be there, so its value is in `x-default`. In an answer, what is always there is `required`, what
    may be missing is never null, and a later version may add fields.
    """

    @override
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Json:
        made = super().default_schema(schema)
        default = made.pop("default", None)
        if self.mode == "validation" and default is not None:
            made["x-default"] = default
        return made

    def ser_schema(self, schema: Any) -> Json | None:
        """One that adds to a model what it would leave out answers the model's own fields."""
        return None if schema["type"] == "function-wrap" else super().ser_schema(schema)

    def model_schema(self, schema: core_schema.ModelSchema) -> Json:
        made = super().model_schema(schema)
        if self.mode == "validation" or "properties" not in made:
            return made
        made.pop("additionalProperties", None)
        kind, properties = cast("type[BaseModel]", schema["cls"]), made["properties"]
        if not issubclass(kind, _ALWAYS_WHOLE):
            kept = [name for name, field in properties.items() if not _nullable(field)]
            properties = {name: _without_null(field) for name, field in properties.items()}
        else:
            kept = list(properties)
        return {**made, "properties": properties, **({"required": kept} if kept else {})}


def _nullable(field: Json) -> bool:
    return {"type": "null"} in field.get("anyOf", [])


def _without_null(field: Json) -> Json:
    if not _nullable(field):
        return field
    options = [option for option in field["anyOf"] if option != {"type": "null"}]
    rest = {key: value for key, value in field.items() if key != "anyOf"}
    return {**options[0], **rest} if len(options) == 1 else {**rest, "anyOf": options}


def _named(name: str) -> str:
    """Pydantic tells a request's schema from an answer's by "-Input" and "-Output"."""
    return name.replace("-Input", _OF_REQUESTS).replace("-Output", _OF_ANSWERS)


def _renamed(part: Any) -> Any:
    """With every reference to a schema under its name: by $ref, or in what tells kinds apart."""
    if isinstance(part, list):
        return [_renamed(each) for each in cast("list[Any]", part)]
    if isinstance(part, dict):
        return {key: _renamed(value) for key, value in cast("Json", part).items()}
    return _named(part) if isinstance(part, str) and part.startswith(_SCHEMAS) else part
