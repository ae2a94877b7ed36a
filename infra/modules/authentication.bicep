// Easy Auth: App Service lets only callers through that have a token of Entra ID. Function keys are
// asked for as before: a signed-in caller does not satisfy a function's key level.

@description('Name of the function app.')
param functionAppName string

@description('Client id of the app registration that tokens are for.')
param clientId string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  // Checkov looks for version 1 of these settings, and takes them for those of a web app.
  // checkov:skip=CKV_AZURE_13: this is it, in version 2
  // checkov:skip=CKV_AZURE_63: requests are in Application Insights
  // checkov:skip=CKV_AZURE_65: errors are in Application Insights
  // checkov:skip=CKV_AZURE_66: failed requests are in Application Insights
  // checkov:skip=CKV_AZURE_80: the app is in Python
  // checkov:skip=CKV_AZURE_88: the app keeps no files
  // checkov:skip=CKV_AZURE_222: people call the API, and Event Grid calls the app, from outside
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
      // Event Grid brings no token of ours, but the key of its own extension. Both spellings have been
      // seen, and whether App Service minds the case is not documented.
      excludedPaths: [
        '/runtime/webhooks/eventgrid'
        '/runtime/webhooks/EventGrid'
        // The page and its files, which hold no data: it offers to sign in, where a plain 401 would not.
        // The star is how the product's own team says it (MicrosoftDocs/azure-docs issue 86514).
        '/api/dashboard'
        '/api/dashboard/*'
        // Whoever was asked answers there: the address is signed, expires, and is of use once.
        '/api/callbacks/*'
      ]
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: clientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [
            clientId
            'api://${clientId}'
          ]
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
}
