@description('Name of the identity.')
param name string

@description('Its region.')
param location string

@description('Its tags.')
// Checkov's parser cannot read the type of an object with any names.
#disable-next-line use-user-defined-types
param tags object

// User-assigned, so that its rights can be granted before the app exists, and outlive it.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Client id of the identity: how the app names it when it asks for a token.')
output clientId string = identity.properties.clientId

@description('Object id of the identity: to whom roles are assigned.')
output principalId string = identity.properties.principalId
