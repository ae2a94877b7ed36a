"""Regions as Azure shows them to people."""

_DISPLAY_NAMES = {
    "westus": "West US",
    "westus2": "West US 2",
    "westus3": "West US 3",
    "eastus": "East US",
    "eastus2": "East US 2",
    "centralus": "Central US",
    "westeurope": "West Europe",
    "northeurope": "North Europe",
}


def display_name(location: str) -> str:
    """As in "West US" for "westus"; a name that is not known here stays as it is."""
    return _DISPLAY_NAMES.get(location.lower(), location)
