"""The calls on the network interfaces of instances."""

from starlette.responses import Response

from local.arm.base import not_for_flexible, resource_not_found
from local.arm.bodies import interface_name, interface_of_flexible, interface_of_uniform
from local.arm.http.answer import json_answer
from local.arm.http.call import Call
from local.arm.http.paging import page_of


def list_interfaces(call: Call) -> Response:
    """Those of a Uniform scale set, in pages like its VMs. That a Flexible one has no such list is
    assumed: its interfaces are resources of their own.
    """
    scale_set = call.scale_set
    if scale_set.spec.is_flexible:
        raise not_for_flexible("networkInterfaces")
    page, link = page_of(call, scale_set.live)
    more = {} if link is None else {"nextLink": link}
    bodies = [interface_of_uniform(scale_set, instance) for instance in page]
    return json_answer({"value": bodies, **more})


def get_interface(call: Call) -> Response:
    """That of a Flexible scale set's VM."""
    name = call.path("interface")
    for scale_set in call.azure.scale_sets(call.path("subscription"), call.path("group")):
        for instance in scale_set.live if scale_set.spec.is_flexible else []:
            if interface_name(instance).lower() == name.lower():
                return json_answer(interface_of_flexible(scale_set, instance))
    raise resource_not_found(f"networkInterfaces/{name}", call.path("group"))
