"""The network interfaces of instances. Azure's answers were never recorded: as its SDK has them."""

from arm_world import COMPUTE, World

NETWORK = COMPUTE.replace("Microsoft.Compute", "Microsoft.Network")
VERSION = {"api-version": "2018-10-01"}


def test_a_uniform_set_lists_them_in_pages(world: World) -> None:
    world.add("web", capacity=3, page_size=2)
    path, items = f"{COMPUTE}/virtualMachineScaleSets/web/networkInterfaces", list[str]()
    first = world.call("GET", path, params=VERSION).json()
    second = world.call("GET", first["nextLink"]).json()
    assert "nextLink" not in second
    for body in [*first["value"], *second["value"]]:
        vm = body["properties"]["virtualMachine"]["id"]
        assert body["id"] == f"{vm}/networkInterfaces/webNic"
        assert vm == world.call("GET", f"{vm}").json()["id"]
        [configuration] = body["properties"]["ipConfigurations"]
        items.append(configuration["properties"]["privateIPAddress"])
    assert items == ["10.0.0.4", "10.0.0.5", "10.0.0.6"]


def test_those_of_a_flexible_set_are_resources_of_their_own(world: World) -> None:
    world.add("flex", orchestration_mode="Flexible", capacity=2)
    for instance in world.truth("flex")["instances"]:
        vm = world.call("GET", f"virtualMachines/{instance['instanceId']}").json()
        [named] = vm["properties"]["networkProfile"]["networkInterfaces"]
        body = world.call("GET", named["id"], params=VERSION).json()
        assert (body["id"], body["type"]) == (named["id"], "Microsoft.Network/networkInterfaces")
        assert body["properties"]["virtualMachine"]["id"] == vm["id"]
    assert world.call("GET", f"{NETWORK}/networkInterfaces/none").status_code == 404
    listed = world.call("GET", "virtualMachineScaleSets/flex/networkInterfaces")
    assert listed.json()["error"]["code"] == "OperationNotAllowed"
