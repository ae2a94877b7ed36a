// The workbook: what it looks like is in infra/workbook.json, its queries are in infra/queries.

@description('Name of the Application Insights component it reads.')
param applicationInsightsName string

@description('Its region.')
param location string

@description('Its tags.')
// Checkov's parser cannot read the type of an object with any names.
#disable-next-line use-user-defined-types
param tags object

// By the name of the part of the workbook that shows the answer.
var queries = {
  outcomes: loadTextContent('../queries/outcomes.kql')
  rollouts: loadTextContent('../queries/rollouts.kql')
  durations: loadTextContent('../queries/durations.kql')
  failed: loadTextContent('../queries/failed-rollouts.kql')
  standing: loadTextContent('../queries/standing-still.kql')
  suspended: loadTextContent('../queries/repairs-suspended.kql')
  waiting: loadTextContent('../queries/waiting-rollouts.kql')
  exceptions: loadTextContent('../queries/exceptions.kql')
}
var template = loadJsonContent('../workbook.json')
var items = [for item in template.items: union(item, {
  content: union(item.content, contains(queries, item.name) ? {
    query: queries[item.name]
  } : {})
})]

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(applicationInsights.id, 'vmss-rollout')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'VMSS Rollout'
    category: 'workbook'
    version: '1.0'
    sourceId: applicationInsights.id
    serializedData: string(union(template, {
      items: items
      fallbackResourceIds: [
        applicationInsights.id
      ]
    }))
  }
}
