"""What Azure's command line prints of a body: fields of `properties` stand beside the others, and
some names are those of its SDK.
"""

from typing import Any, cast

_NAMES = {
    "diskSizeGB": "diskSizeGb",
    "automaticOSUpgradePolicy": "automaticOsUpgradePolicy",
    "enableAutomaticOSUpgrade": "enableAutomaticOsUpgrade",
}

type Json = dict[str, Any]


def printed_by_az(body: Any) -> Any:
    """As `az … -o json` prints it."""
    if isinstance(body, list):
        return [printed_by_az(each) for each in cast("list[Any]", body)]
    return _flat(cast("Json", body)) if isinstance(body, dict) else body


def _flat(body: Json) -> Json:
    inner: Json = body.get("properties") or {}
    flat = {name: value for name, value in body.items() if name != "properties"}
    renamed = {"typePropertiesType" if name == "type" else name: inner[name] for name in inner}
    return {_NAMES.get(name, name): printed_by_az(each) for name, each in (flat | renamed).items()}
