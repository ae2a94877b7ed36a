// What the hook infra/hooks/grant deploys.
using '../../../infra/management-group.bicep'

param environmentName = 'prod'
param principalId = '55555555-5555-5555-5555-555555555555'
