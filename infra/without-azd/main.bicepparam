// For people without azd: the parameters of infra/main.bicep from the same variables of the environment, with
// the same defaults, as in infra/main.parameters.json. See docs/deploy.md.
//
// It is not beside main.bicep, because azd would take it instead of that file, and would not ask for what is
// missing.
using '../main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param rolloutScopes = readEnvironmentVariable('ROLLOUT_SCOPES', '')
param imageScopes = readEnvironmentVariable('IMAGE_SCOPES', '')
param planOnly = bool(readEnvironmentVariable('ROLLOUT_PLAN_ONLY', 'false'))
param monitorGates = bool(readEnvironmentVariable('ROLLOUT_MONITOR_GATES', 'false'))
param hookAddresses = bool(readEnvironmentVariable('ROLLOUT_HOOK_ADDRESSES', 'false'))
param managementGroup = readEnvironmentVariable('ROLLOUT_MANAGEMENT_GROUP', '')
param imageEvents = bool(readEnvironmentVariable('IMAGE_EVENTS', 'false'))
param imageDeadLetters = bool(readEnvironmentVariable('IMAGE_DEAD_LETTERS', 'true'))
param followSubscriptions = readEnvironmentVariable('ROLLOUT_FOLLOW_SUBSCRIPTIONS', '')
param newerImage = readEnvironmentVariable('ROLLOUT_NEWER_IMAGE', 'queue')
param replicationTimeout = readEnvironmentVariable('ROLLOUT_REPLICATION_TIMEOUT', 'P1D')
param retention = readEnvironmentVariable('ROLLOUT_RETENTION', 'P180D')
param entraClientId = readEnvironmentVariable('ENTRA_CLIENT_ID', '')
param requireSignIn = bool(readEnvironmentVariable('ROLLOUT_REQUIRE_SIGN_IN', 'false'))
param secondPerson = bool(readEnvironmentVariable('ROLLOUT_SECOND_PERSON', 'false'))
param statusUri = bool(readEnvironmentVariable('ROLLOUT_STATUS_URI', 'true'))
param outbound = readEnvironmentVariable('ROLLOUT_OUTBOUND', '')
param newsTopics = readEnvironmentVariable('ROLLOUT_NEWS_TOPICS', '')
param keyVaults = readEnvironmentVariable('ROLLOUT_KEY_VAULTS', '')
param address = readEnvironmentVariable('ROLLOUT_ADDRESS', '')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
// A number of its own type: one of those that are allowed.
param instanceMemoryMB = any(int(readEnvironmentVariable('INSTANCE_MEMORY_MB', '2048')))
param maximumInstanceCount = int(readEnvironmentVariable('MAXIMUM_INSTANCE_COUNT', '40'))
param alwaysReadyInstances = int(readEnvironmentVariable('ALWAYS_READY_INSTANCES', '1'))
param storageRedundancy = readEnvironmentVariable('STORAGE_REDUNDANCY', 'Standard_ZRS')
param logRetentionDays = int(readEnvironmentVariable('LOG_RETENTION_DAYS', '30'))
