from collections.abc import Sequence

import pytest

from rollout.inventory import Manager, manager_of


@pytest.mark.parametrize(
    ("tags", "extensions", "manager"),
    [
        pytest.param(["app"], ["ApplicationHealthLinux"], None, id="nobody else's"),
        pytest.param(["aks-managed-poolName"], [], Manager.AKS, id="a node pool"),
        pytest.param(["AKS-Managed-createOperationID"], [], Manager.AKS, id="in any case"),
        pytest.param(["team-aks-managed-by"], [], None, id="a tag that only sounds like it"),
        pytest.param(["__AzureDevOpsElasticPool"], [], Manager.AZURE_DEVOPS, id="agents"),
        pytest.param([], ["ServiceFabricLinuxNode"], Manager.SERVICE_FABRIC, id="a cluster's"),
    ],
)
def test_who_manages_a_scale_set(
    tags: Sequence[str], extensions: Sequence[str], manager: Manager | None
) -> None:
    assert manager_of(tags, extensions) is manager


def test_only_node_pools_must_not_be_rolled() -> None:
    assert [manager for manager in Manager if manager.caution is None] == [Manager.AKS]
