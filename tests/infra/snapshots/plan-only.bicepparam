// The first week: the app may read where it is to roll later, and nothing more.
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param rolloutScopes = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/web'
param planOnly = true
