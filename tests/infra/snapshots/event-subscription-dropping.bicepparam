// The same without a place for events that could not be delivered (imageDeadLetters off).
using '../../../infra/event-subscription.bicep'

param topicName = 'evgst-prod'
param functionAppName = 'func-prod'
param deadLetterContainerId = ''
