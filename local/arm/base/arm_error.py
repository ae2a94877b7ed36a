"""Errors as ARM returns them. Bodies are verbatim from recorded exchanges and public logs of real
responses; a text that nobody has recorded is marked as such.
"""

from collections.abc import Iterable
from typing import Any


class ArmError(Exception):
    """An error answer: HTTP status, code and message as Azure gives them."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        """`more`: target, details, as they are in the body."""
        super().__init__(message)
        self.status = status
        self.body = {"error": {"code": code, "message": message, **more}}


def resource_not_found(resource: str, resource_group: str) -> ArmError:
    """No such resource: recorded exchange vmss-404-ResourceNotFound."""
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource 'Microsoft.Compute/{resource}' under resource group '{resource_group}' was "
        "not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def parent_not_found(parent: str) -> ArmError:
    """The parent of a resource to be created; the text as ARM is quoted in public."""
    return ArmError(
        404,
        "ParentResourceNotFound",
        "Can not perform requested operation on nested resource. Parent resource "
        f"'{parent}' not found.",
    )


def resource_group_not_found(resource_group: str) -> ArmError:
    """No such resource group: as real responses are quoted in public."""
    message = f"Resource group '{resource_group}' could not be found."
    return ArmError(404, "ResourceGroupNotFound", message)


def subscription_not_found(subscription: str) -> ArmError:
    """No such subscription: as real responses are quoted in public."""
    message = f"The subscription '{subscription}' could not be found."
    return ArmError(404, "SubscriptionNotFound", message)


def invalid_subscription(subscription: str) -> ArmError:
    """What is no guid: as real responses are quoted in public."""
    message = f"The provided subscription identifier '{subscription}' is malformed or invalid."
    return ArmError(400, "InvalidSubscriptionId", message)


def invalid_api_version(version: str) -> ArmError:
    """What is no date: as real responses are quoted in public, without their list of versions."""
    message = (
        f"The api-version '{version}' is invalid. The supported versions are dates such as "
        "'2024-07-01'."
    )
    return ArmError(400, "InvalidApiVersionParameter", message)


def no_registered_provider(version: str, resource_type: str, supported: str) -> ArmError:
    """A date that is no version of the type's: as quoted in public, but for the list of them."""
    message = (
        f"No registered resource provider found for API version '{version}' for type "
        f"'{resource_type}'. The supported api-versions are {supported}."
    )
    return ArmError(400, "NoRegisteredProviderFound", message)


def entity_not_found() -> ArmError:
    """No such VM or operation: recorded exchange vm-instance-view-404."""
    return ArmError(404, "NotFound", "The entity was not found in this Azure location.")


def conflict() -> ArmError:
    """Another operation runs: recorded exchange manualupgrade-409-conflict."""
    return ArmError(
        409,
        "Conflict",
        "The request failed due to conflict with a concurrent request. To resolve it, please refer "
        "to https://aka.ms/activitylog to get more details on the conflicting requests.",
    )


def precondition_failed(sent: str, current: str) -> ArmError:
    """If-Match names another version; both are quoted integers."""
    message = f"Etag provided in if-match header {sent} does not match etag {current} of resource."
    return ArmError(412, "PreconditionFailed", message)


def inactive_instance(instance_id: str) -> ArmError:
    """A call names an instance that is gone."""
    return ArmError(
        400,
        "InvalidParameter",
        f"The provided instanceId {instance_id} is not an active Virtual Machine Scale Set VM "
        "instanceId.",
        target="instanceIds",
    )


def protected_instances(instance_ids: Iterable[str]) -> ArmError:
    """A call names protected instances. The text is weakly sourced, the status assumed."""
    return ArmError(
        409,
        "OperationNotAllowed",
        "InstanceIds may not contain instances that are protected from scale set actions. The "
        "following instance ids are protected from scale set action: "
        f"{', '.join(instance_ids)}.",
    )


def image_type_changed() -> ArmError:
    """The image's kind (platform, custom, VHD) is fixed when the scale set is made."""
    return ArmError(
        409,
        "OperationNotAllowed",
        "The Image type for a Virtual Machine Scale Set may not be changed.",
    )


def property_changed(name: str) -> ArmError:
    """A property that is fixed at creation; the status is assumed."""
    message = f"Changing property '{name}' is not allowed."
    return ArmError(409, "PropertyChangeNotAllowed", message, target=name)


def too_many_models(name: str) -> ArmError:
    """The eleventh model; status and code are assumed."""
    return ArmError(
        409,
        "OperationNotAllowed",
        f"Virtual Machine Scale Set '{name}' has reached its limit of 10 models that may be "
        "referenced by one or more VMs belonging to the Virtual Machine Scale Set. Upgrade the VMs "
        "to the latest model of the Virtual Machine Scale Set before trying again.",
    )


def platform_image_not_found(urn: str) -> ArmError:
    """No such platform image version."""
    return ArmError(
        404,
        "PlatformImageNotFound",
        f"The platform image '{urn}' is not available. Verify that all fields in the storage "
        "profile are correct. For more details about storage profile information, please refer to "
        "https://aka.ms/storageprofile",
        target="imageReference",
    )


def image_deprecated(publisher: str, offer: str, sku: str, version: str) -> ArmError:
    """A version its publisher has withdrawn; nobody has recorded it, so all of it is assumed."""
    return ArmError(
        400,
        "ImageVersionDeprecated",
        f"VM Image from publisher: {publisher} with - Offer: {offer}, Sku: {sku}, Version: "
        f"{version} is deprecated.",
        target="imageReference",
    )


def gallery_image_not_found(image_id: str, location: str) -> ArmError:
    """Not published, or not replicated to the region; the real message has quotes inside."""
    return ArmError(
        404,
        "GalleryImageNotFound",
        f'"The gallery image {image_id} is not available in {location} region. Please contact '
        'image owner to replicate to this region, or change your requested region."',
        target="imageReference",
    )


def not_for_flexible(action: str) -> ArmError:
    """A call that a Flexible scale set does not take; status, code and text are assumed."""
    return ArmError(
        409,
        "OperationNotAllowed",
        f"Operation '{action}' is not allowed on Virtual Machine Scale Sets with Flexible "
        "orchestration mode.",
    )


def invalid_parameter(message: str, target: str) -> ArmError:
    """A parameter Azure does not accept; the shape is recorded, most texts are ours."""
    return ArmError(400, "InvalidParameter", message, target=target)


def bad_request(message: str) -> ArmError:
    """A request Azure does not understand; the text is ours."""
    return ArmError(400, "BadRequest", message)
