"""What holds resources against Azure's types finds what is wrong with them."""

from pathlib import Path

import pytest
from azure_types import types
from bicep import Declaration, template

STORAGE = """
resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: 'x'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_ZRS'
  }
  properties: {
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
  }
}
"""


def flaws(tmp_path: Path, right: str, wrong: str) -> list[str]:
    """Of a storage account in which something right is something wrong."""
    assert right in STORAGE
    return types().flaws(resource(tmp_path, STORAGE.replace(right, wrong)))


def resource(tmp_path: Path, source: str) -> Declaration:
    file = tmp_path / "one.bicep"
    file.write_text(source)
    (found,) = template(file).all("resource").values()
    return found


@pytest.mark.parametrize(
    ("right", "wrong", "flaw"),
    [
        ("allowSharedKeyAccess: false", "allowSharedKeys: false", "allowSharedKeys: unknown"),
        ("allowSharedKeyAccess: false", "allowSharedKeyAccess: 'no'", "has Boolean"),
        ("'TLS1_2'", "'1.2'", "1.2 is none of TLS1_0, TLS1_1, TLS1_2, TLS1_3"),
        ("'TLS1_2'", "b ? 'TLS1_2' : '1.2'", "1.2 is none of"),
        ("  kind: 'StorageV2'\n", "", "account.kind: missing"),
        ("minimumTlsVersion: 'TLS1_2'", "provisioningState: 'Succeeded'", "read-only"),
        ("name: 'Standard_ZRS'", "name: {\n    }", "object where Azure has Union"),
    ],
)
def test_what_azure_would_not_take_is_found(
    tmp_path: Path, right: str, wrong: str, flaw: str
) -> None:
    (found,) = flaws(tmp_path, right, wrong)
    assert flaw in found


def test_what_is_right_or_not_written_out_has_no_flaw(tmp_path: Path) -> None:
    assert flaws(tmp_path, "'TLS1_2'", "'TLS1_2'") == []
    assert flaws(tmp_path, "'TLS1_2'", "tls") == []


def test_a_discriminator_chooses_among_shapes(tmp_path: Path) -> None:
    source = """
resource one 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'telnet'
}
"""
    assert types().flaws(resource(tmp_path, source)) == ["one.name: one of ftp, scm"]


def test_it_knows_where_a_resource_may_be_and_what_can_be_read_of_it(tmp_path: Path) -> None:
    account = resource(tmp_path, STORAGE)
    assert types().may_be_at(account, "resourceGroup")
    assert not types().may_be_at(account, "subscription")
    assert types().knows(account, ["properties", "primaryEndpoints", "blob"])
    assert not types().knows(account, ["properties", "primaryEndpoint", "blob"])
    assert types().knows(account, ["tags", "anything"])
