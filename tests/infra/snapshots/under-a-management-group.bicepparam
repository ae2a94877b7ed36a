// Rights on a management group instead of scopes: the hook infra/hooks/grant gives them.
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param managementGroup = 'platform'
