// The app's subscription to the events of gallery image versions. Deployed on its own by the hook
// infra/hooks/subscribe, after the code: the function must be there first.
//
// Not by `az eventgrid system-topic event-subscription create`: as of Azure CLI 2.91 that cannot
// write dead letters with an identity, and the storage account takes no keys.

@description('Name of the system topic.')
param topicName string

@description('Name of the function app.')
param functionAppName string

@description('Resource id of the container for events that could not be delivered. Empty: they are dropped.')
param deadLetterContainerId string

@description('Only images whose id begins with this, say a gallery or an image definition. Empty: all of the subscription.')
param imagesBelow string = ''

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource imageVersions 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'image-versions'
  properties: {
    destination: {
      endpointType: 'AzureFunction'
      properties: {
        resourceId: '${app.id}/functions/on_image_published'
        // A failure makes Event Grid send the whole batch again: so a batch is one event.
        maxEventsPerBatch: 1
        preferredBatchSizeInKilobytes: 64
      }
    }
    eventDeliverySchema: 'EventGridSchema'
    // Azure has no event of its own for image versions: this is the write of a resource that
    // succeeded, filtered by its operation. It comes for every write: for a new version, for its
    // tags and its regions too, and more than once each. The app reads the version before it starts
    // anything, and starts nothing that runs or ran already.
    filter: {
      includedEventTypes: [
        'Microsoft.Resources.ResourceWriteSuccess'
      ]
      advancedFilters: [
        {
          operatorType: 'StringIn'
          key: 'data.operationName'
          values: [
            'Microsoft.Compute/galleries/images/versions/write'
          ]
        }
      ]
      // Subjects may say `resourcegroups` in lower case.
      isSubjectCaseSensitive: false
      subjectBeginsWith: imagesBelow
    }
    // At least once, in no order, for a day. An answer of 400, 403 or 413 is never sent again: such
    // an event is a dead letter at once.
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
    deadLetterWithResourceIdentity: empty(deadLetterContainerId) ? null : {
      identity: {
        type: 'SystemAssigned'
      }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          // A part of the parameter, which is an id.
          #disable-next-line use-resource-id-functions
          resourceId: split(deadLetterContainerId, '/blobServices/')[0]
          blobContainerName: last(split(deadLetterContainerId, '/'))
        }
      }
    }
  }
}
