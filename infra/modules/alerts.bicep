// Tells somebody when a rollout failed, waits for a decision, stands still or has left automatic repairs
// suspended, and when the app itself fails or is silent. The queries are in infra/queries.

@description('Name of the action group.')
param actionGroupName string

@description('Resource id of the Application Insights component.')
param applicationInsightsId string

@description('Address that is told; empty: nobody is, the alerts are shown in the portal.')
param email string

@description('Name of the Event Grid system topic that is watched; empty: there is none.')
param topicName string

@description('Whether its events that could not be delivered are kept: then those are counted, else those that were dropped.')
param deadLetters bool

@description('Region of the alert rules.')
param location string

@description('Tags of all of them.')
// Checkov's parser cannot read the type of an object with any names.
#disable-next-line use-user-defined-types
param tags object

// An alert for each rollout, not one for each evaluation that sees it.
var byRollout = [
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
var byFunction = [
  {
    name: 'operation_Name'
    operator: 'Include'
    values: [
      '*'
    ]
  }
]

// `window` is how far back the query looks: longer than PT5M, in which it is asked again, because logs
// arrive minutes late. `ends`: Azure calls the alert resolved when the query finds it no more. So what
// lasts (waiting, standing still, suspended) is looked for as far back as Azure allows, or a rollout that still
// waits would be called resolved; and what stays true (failed) does not end by itself. That is told again
// after `mute`, as long as it is in the window: a rollout that fails while another is muted must not be
// missed, should Azure mute by the rule.
var rules = [
  {
    name: 'vmss-rollout-failed'
    title: 'A rollout failed or was rolled back'
    severity: 1
    query: loadTextContent('../queries/failed-rollouts.kql')
    dimensions: byRollout
    window: 'PT30M'
    ends: false
    mute: 'PT15M'
  }
  {
    name: 'vmss-rollout-waiting'
    title: 'A rollout waits for somebody'
    severity: 2
    query: loadTextContent('../queries/waiting-rollouts.kql')
    dimensions: byRollout
    window: 'P2D'
    ends: true
    mute: null
  }
  {
    name: 'vmss-rollout-standing-still'
    title: 'A rollout stands still'
    severity: 1
    query: loadTextContent('../queries/standing-still.kql')
    dimensions: byRollout
    window: 'P2D'
    ends: true
    mute: null
  }
  {
    name: 'vmss-rollout-repairs-suspended'
    title: 'A rollout has left automatic repairs suspended'
    severity: 2
    query: loadTextContent('../queries/repairs-suspended.kql')
    dimensions: byRollout
    window: 'P2D'
    ends: true
    mute: null
  }
  {
    name: 'vmss-rollout-app-failing'
    title: 'A function of the app fails'
    severity: 2
    query: loadTextContent('../queries/failing-functions.kql')
    dimensions: byFunction
    window: 'PT15M'
    ends: true
    mute: null
  }
  {
    name: 'vmss-rollout-app-silent'
    title: 'Nothing of the app has run for an hour'
    severity: 1
    query: loadTextContent('../queries/silent-app.kql')
    dimensions: []
    window: 'PT1H'
    ends: true
    mute: null
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

resource alerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [for rule in rules: {
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
    windowSize: rule.window
    autoMitigate: rule.ends
    muteActionsDuration: rule.mute
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: rule.dimensions
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

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: empty(topicName) ? 'none' : topicName
}

// Each evaluation counts the events of its own five minutes: one alert for them, which stays until
// somebody has looked.
resource undelivered 'Microsoft.Insights/metricAlerts@2026-01-01' = if (!empty(topicName)) {
  name: 'vmss-rollout-events-undelivered'
  location: 'global'
  tags: tags
  properties: {
    description: 'Events of published images could not be delivered to the app'
    severity: 2
    enabled: true
    scopes: [
      topic.id
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    autoMitigate: false
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'undelivered'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: deadLetters ? 'DeadLetteredCount' : 'DroppedEventCount'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: empty(email) ? [] : [
      {
        actionGroupId: people.id
      }
    ]
  }
}
