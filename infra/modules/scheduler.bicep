// A Durable Task Scheduler, for those who prefer it to the storage account.

@description('Name of the scheduler.')
param name string

@description('Object id of the app\'s identity.')
param principalId string

@description('Its region.')
param location string

@description('Its tags.')
param tags object

var dataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402' // Durable Task Data Contributor

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'Consumption'
    }
    // An empty list denies everybody. Who comes in still needs a role.
    ipAllowlist: [
      '0.0.0.0/0'
    ]
  }
}

// The name is host.json's hubName.
resource hub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: 'VmssRollout'
  properties: {}
}

resource onHub 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hub.id, principalId, dataContributor)
  scope: hub
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataContributor)
  }
}

@description('Where the scheduler is.')
output endpoint string = scheduler.properties.endpoint
