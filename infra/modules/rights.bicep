// What the app may do in Azure: two custom roles with exactly the actions it uses
// (infra/role-actions.json, held against the app's calls by tests/infra), assigned where its scale
// sets and images are and nowhere else.
targetScope = 'subscription'

@description('Name of the azd environment: each has roles of its own.')
param environmentName string

@description('Object id of the app\'s identity.')
param principalId string

@description('Resource groups and subscriptions whose scale sets the app may roll, separated by commas.')
param rolloutScopes string

@description('Further resource groups and subscriptions whose images it may read, separated by commas.')
param imageScopes string

@description('Whether it may read only.')
param planOnly bool

@description('Whether it may read alerts and metrics too.')
param monitorGates bool

@description('Whether it may read network interfaces too.')
param hookAddresses bool

// The name of a role is unique in a tenant, where others may have an environment of that name.
var owner = '${environmentName}-${take(uniqueString(subscription().id), 6)}'
var actions = loadJsonContent('../role-actions.json')
var reading = filter(actions.rollout, action => endsWith(action, '/read'))

// In one case of letters, each once, and without the empty ones that a comma too many makes: an id that
// is named twice would be assigned the role twice. The word everywhere names no place to assign it at.
var rolloutList = union(filter(split(replace(toLower(rolloutScopes), ' ', ''), ','), scope => !contains(['', 'everywhere'], scope)), [])
var imageList = union(filter(split(replace(toLower(imageScopes), ' ', ''), ','), scope => !empty(scope)), [])
var rolloutSubscriptions = [for scope in rolloutList: '/subscriptions/${split(scope, '/')[2]}']
var imageSubscriptions = [for scope in imageList: '/subscriptions/${split(scope, '/')[2]}']

// Platform images, images that are shared, long-running operations, alerts and metrics are read at the level
// of the subscription, whatever the scope of the scale sets is.
var imageScopesInAll = union(rolloutSubscriptions, imageList)
var assignable = union([toLower(subscription().id)], rolloutSubscriptions, imageSubscriptions)

resource rolloutRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, environmentName, 'rollout')
  properties: {
    roleName: 'VMSS Rollout (${owner})'
    description: 'Moves the instances of scale sets to another OS image. No more than the app VMSS Rollout uses.'
    type: 'CustomRole'
    permissions: [
      {
        actions: concat(planOnly ? reading : actions.rollout, hookAddresses ? actions.hooks : [])
      }
    ]
    assignableScopes: assignable
  }
}

resource imagesRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, environmentName, 'images')
  properties: {
    roleName: 'VMSS Rollout images (${owner})'
    description: 'Reads OS images, how far operations are, and, for gates, alerts and metrics. No more than the app VMSS Rollout uses.'
    type: 'CustomRole'
    permissions: [
      {
        actions: monitorGates ? concat(actions.images, actions.monitoring) : actions.images
      }
    ]
    assignableScopes: assignable
  }
}

module onScaleSets 'role-at-scope.bicep' = [for scope in rolloutList: {
  scope: subscription(split(scope, '/')[2])
  params: {
    resourceGroupName: length(split(scope, '/')) > 4 ? split(scope, '/')[4] : ''
    principalId: principalId
    role: rolloutRole.name
  }
}]

module onImages 'role-at-scope.bicep' = [for scope in imageScopesInAll: {
  scope: subscription(split(scope, '/')[2])
  params: {
    resourceGroupName: length(split(scope, '/')) > 4 ? split(scope, '/')[4] : ''
    principalId: principalId
    role: imagesRole.name
  }
}]

@description('Name (a GUID) of the role to roll scale sets.')
output rolloutRole string = rolloutRole.name

@description('Name (a GUID) of the role to read images.')
output imagesRole string = imagesRole.name
