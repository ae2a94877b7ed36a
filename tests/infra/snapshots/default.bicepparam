// Only what azd asks for, and one resource group.
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param rolloutScopes = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/web'
