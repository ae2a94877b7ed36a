// All options on. Scopes in several subscriptions.
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param rolloutScopes = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/web,/subscriptions/22222222-2222-2222-2222-222222222222'
param imageScopes = '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/golden'
param monitorGates = true
param imageEvents = true
param followSubscriptions = '11111111-1111-1111-1111-111111111111'
param newerImage = 'ignore'
param replicationTimeout = 'PT6H'
param retention = 'P366D'
param entraClientId = '44444444-4444-4444-4444-444444444444'
param requireSignIn = true
param secondPerson = true
param statusUri = false
param newsTopics = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/telling/providers/Microsoft.EventGrid/topics/rollouts,'
param keyVaults = '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/keeping/providers/Microsoft.KeyVault/vaults/rollout-secrets'
param alertEmail = 'operators@contoso.com'
param instanceMemoryMB = 512
param maximumInstanceCount = 100
param alwaysReadyInstances = 0
param storageRedundancy = 'Standard_LRS'
param logRetentionDays = 90
