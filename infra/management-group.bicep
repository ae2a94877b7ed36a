// The same two roles on a management group. A deployment to a subscription cannot reach above it, so
// the hook infra/hooks/grant deploys this file by itself:
//   az deployment mg create --management-group-id … --location … --template-file infra/management-group.bicep
targetScope = 'managementGroup'

@description('Name of the azd environment: each has roles of its own.')
param environmentName string

@description('Object id of the app\'s identity.')
param principalId string

@description('Whether it may read only.')
param planOnly bool = false

var actions = loadJsonContent('role-actions.json')
var reading = filter(actions.rollout, action => endsWith(action, '/read'))

// The name of a role is unique in a tenant, where others may have an environment of that name.
var owner = '${environmentName}-${take(uniqueString(principalId), 6)}'

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, principalId, 'vmss-rollout')
  properties: {
    roleName: 'VMSS Rollout below ${managementGroup().name} (${owner})'
    description: 'Moves the instances of scale sets to another OS image. No more than the app VMSS Rollout uses.'
    type: 'CustomRole'
    permissions: [
      {
        actions: concat(planOnly ? reading : actions.rollout, actions.images)
      }
    ]
    assignableScopes: [
      managementGroup().id
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, principalId, role.name)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role.id
  }
}

@description('Name (a GUID) of the role.')
output role string = role.name
