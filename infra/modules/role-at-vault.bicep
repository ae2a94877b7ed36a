// Lets somebody read the secrets of a Key Vault that uses role-based access.

@description('Name of the Key Vault, in this resource group.')
param vaultName string

@description('Object id of who gets the role.')
param principalId string

var role = '4633458b-17de-408a-b874-0445c86b69e6' // Key Vault Secrets User

resource there 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

// With the principal in its name: an assignment cannot be changed to another one, which somebody of the
// same name that was made anew is ("RoleAssignmentUpdateNotPermitted").
resource onIt 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceId('Microsoft.KeyVault/vaults', vaultName), principalId, role)
  scope: there
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}
