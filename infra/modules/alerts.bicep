// Tells somebody when a rollout failed, or waits for a decision. The queries are in infra/queries.

@description('Name of the action group.')
param actionGroupName string

@description('Resource id of the Application Insights component.')
param applicationInsightsId string

@description('Address that is told; empty: nobody is, the alerts are shown in the portal.')
param email string

@description('Region of the alert rules.')
param location string

@description('Tags of all of them.')
param tags object

var rules = [
  {
    name: 'vmss-rollout-failed'
    title: 'A rollout failed or was rolled back'
    severity: 1
    query: loadTextContent('../queries/failed-rollouts.kql')
  }
  {
    name: 'vmss-rollout-waiting'
    title: 'A rollout waits for somebody'
    severity: 2
    query: loadTextContent('../queries/waiting-rollouts.kql')
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'vmssrollout'
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: rule.name
  location: location
  tags: tags
  properties: {
    displayName: rule.title
    severity: rule.severity
    enabled: true
    scopes: [
      applicationInsightsId
    ]
    evaluationFrequency: 'PT5M'
    // Longer than the frequency: logs arrive minutes late. The rollout's id as a dimension makes an
    // alert for each rollout, not one for each evaluation that sees it.
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [
            {
              name: 'rolloutId'
              operator: 'Include'
              values: [
                '*'
              ]
            }
            {
              name: 'scaleSet'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: empty(email) ? [] : [
        people.id
      ]
    }
  }
}]
