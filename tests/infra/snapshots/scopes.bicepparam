// The same scopes as people write them: a comma too many, blanks, other letters. Each counts once.
// And events whose dead letters are not kept.
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param rolloutScopes = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/web, /subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/WEB,,'
param imageScopes = ',/SUBSCRIPTIONS/11111111-1111-1111-1111-111111111111,/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/golden,'
param imageEvents = true
param imageDeadLetters = false
