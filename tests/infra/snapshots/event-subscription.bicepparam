// What the hook infra/hooks/subscribe deploys.
using '../../../infra/event-subscription.bicep'

param topicName = 'evgst-prod'
param functionAppName = 'func-prod'
param deadLetterContainerId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-prod/providers/Microsoft.Storage/storageAccounts/stprod/blobServices/default/containers/dead-letters'
param imagesBelow = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/golden'
