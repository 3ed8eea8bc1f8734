// The bot in one resource group: Azure Bot, web and worker on Container Apps, PostgreSQL, Key Vault, one managed identity, logs.
// No secret of the bot, of sign-in or of Dataverse exists: the managed identity proves all three. See README.md beside this file.

@description('Region of everything but the Azure Bot, which is global.')
param location string = resourceGroup().location

@description('Short name that every resource begins with.')
@minLength(3)
@maxLength(16)
param name string = 'myinvoices'

@description('The container image, such as registry.example.com/my-invoices:0.1.0.')
param image string

@description('Name of the container registry in this resource group that holds the image; empty where everybody may pull it.')
param registry string = ''

@description('PUBLIC_URL: https address of a domain of your own, bound to the web app after the first deployment.')
param publicUrl string

@description('ENTRA_CLIENT_ID, as printed by deploy/entra/register.sh.')
param entraClientId string

@description('DATAVERSE_URL: the environment of Work 365.')
param dataverseUrl string

@description('DATAVERSE_TENANT_ID: the tenant of that environment.')
param dataverseTenantId string = tenant().tenantId

@description('RESELLER_NAME, as customers read it; at most 32 characters.')
@maxLength(32)
param resellerName string

@description('PAY_LINK_HOSTS; empty switches Pay now off.')
param payLinkHosts string = ''

@description('SECRET_KEYS: Fernet keys, newest first.')
@secure()
param secretKeys string

@description('Password of the database login.')
@secure()
@minLength(24)
param databasePassword string

@description('Version of PostgreSQL; the tests run on 18.')
@allowed(['16', '17', '18'])
param postgresVersion string = '18'

@description('Web processes: how many at least and at most. Two or more for an upgrade without a pause.')
param webReplicas { min: int, max: int } = { min: 2, max: 4 }

var databaseLogin = 'my_invoices'
var databaseName = 'my_invoices'
var readsSecrets = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-874b-0445c86b69e6')
var pullsImages = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
var registries = empty(registry) ? [] : [{ server: '${registry}.azurecr.io', identity: identity.id }]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: name
  location: location
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-01-01' = {
  name: name
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: '10.20.0.0/23'
          delegations: [{ name: 'apps', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'database'
        properties: {
          addressPrefix: '10.20.2.0/28'
          delegations: [{ name: 'database', properties: { serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers' } }]
        }
      }
    ]
  }

  resource apps 'subnets' existing = { name: 'apps' }
  resource database 'subnets' existing = { name: 'database' }
}

resource names 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: '${name}.private.postgres.database.azure.com'
  location: 'global'

  resource link 'virtualNetworkLinks' = {
    name: name
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
}

resource database 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: '${name}-${uniqueString(resourceGroup().id)}'
  location: location
  sku: { name: 'Standard_B2s', tier: 'Burstable' }
  properties: {
    version: postgresVersion
    administratorLogin: databaseLogin
    administratorLoginPassword: databasePassword
    storage: { storageSizeGB: 32, autoGrow: 'Enabled' }
    backup: { backupRetentionDays: 14, geoRedundantBackup: 'Disabled' }
    highAvailability: { mode: 'Disabled' }
    network: {
      delegatedSubnetResourceId: network::database.id
      privateDnsZoneArmResourceId: names.id
    }
  }
  dependsOn: [names::link]

  resource own 'databases' = {
    name: databaseName
    properties: { charset: 'UTF8', collation: 'en_US.utf8' }
  }
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: take('${name}${uniqueString(resourceGroup().id)}', 24)
  location: location
  properties: {
    sku: { family: 'A', name: 'standard' }
    tenantId: tenant().tenantId
    enableRbacAuthorization: true
    enablePurgeProtection: true
  }

  resource keys 'secrets' = {
    name: 'secret-keys'
    properties: { value: secretKeys }
  }

  resource url 'secrets' = {
    name: 'database-url'
    properties: {
      value: 'postgresql://${databaseLogin}:${uriComponent(databasePassword)}@${database.properties.fullyQualifiedDomainName}:5432/${databaseName}?sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt'
    }
  }
}

resource mayRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, readsSecrets)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: readsSecrets
  }
}

resource images 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = if (!empty(registry)) {
  name: registry
}

resource mayPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(registry)) {
  scope: images
  name: guid(identity.id, registry, pullsImages)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: pullsImages
  }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: name
  location: location
  properties: {
    vnetConfiguration: { infrastructureSubnetId: network::apps.id, internal: false }
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
  }
}

var secrets = [
  { name: 'secret-keys', keyVaultUrl: vault::keys.properties.secretUri, identity: identity.id }
  { name: 'database-url', keyVaultUrl: vault::url.properties.secretUri, identity: identity.id }
]

var settings = [
  { name: 'MicrosoftAppType', value: 'UserAssignedMSI' }
  { name: 'MicrosoftAppId', value: identity.properties.clientId }
  { name: 'MicrosoftAppTenantId', value: tenant().tenantId }
  { name: 'ENTRA_CLIENT_ID', value: entraClientId }
  { name: 'ENTRA_FEDERATED_CLIENT_ID', value: identity.properties.clientId }
  { name: 'PUBLIC_URL', value: publicUrl }
  { name: 'DATAVERSE_URL', value: dataverseUrl }
  { name: 'DATAVERSE_TENANT_ID', value: dataverseTenantId }
  { name: 'RESELLER_NAME', value: resellerName }
  { name: 'PAY_LINK_HOSTS', value: payLinkHosts }
  { name: 'WORKER', value: 'external' }
  { name: 'SECRET_KEYS', secretRef: 'secret-keys' }
  { name: 'DATABASE_URL', secretRef: 'database-url' }
]

resource web 'Microsoft.App/containerApps@2024-03-01' = {
  name: '${name}-web'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      ingress: { external: true, targetPort: 3978, transport: 'http', allowInsecure: false }
      registries: registries
      secrets: secrets
    }
    template: {
      terminationGracePeriodSeconds: 40
      containers: [
        {
          name: 'bot'
          image: image
          env: settings
          resources: { cpu: json('0.5'), memory: '1Gi' }
          // Not /readyz: with an old mirror the bot still says so to people, which it could not do without traffic.
          probes: [
            { type: 'Liveness', httpGet: { path: '/livez', port: 3978 }, periodSeconds: 15 }
            { type: 'Readiness', httpGet: { path: '/livez', port: 3978 }, periodSeconds: 5 }
          ]
        }
      ]
      scale: {
        minReplicas: webReplicas.min
        maxReplicas: webReplicas.max
        rules: [{ name: 'requests', http: { metadata: { concurrentRequests: '50' } } }]
      }
    }
  }
  dependsOn: [mayRead, mayPull, database::own]
}

resource worker 'Microsoft.App/containerApps@2024-03-01' = {
  name: '${name}-worker'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: { registries: registries, secrets: secrets }
    template: {
      terminationGracePeriodSeconds: 40
      containers: [
        {
          name: 'worker'
          image: image
          args: ['work']
          env: settings
          resources: { cpu: json('0.5'), memory: '1Gi' }
        }
      ]
      scale: { minReplicas: 1, maxReplicas: 1 }
    }
  }
  dependsOn: [mayRead, mayPull, database::own]
}

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: name
  location: 'global'
  kind: 'azurebot'
  sku: { name: 'S1' }
  properties: {
    displayName: 'My Invoices'
    endpoint: '${publicUrl}/api/messages'
    msaAppId: identity.properties.clientId
    msaAppMSIResourceId: identity.id
    msaAppTenantId: tenant().tenantId
    msaAppType: 'UserAssignedMSI'
    disableLocalAuth: true
  }

  resource teams 'channels' = {
    name: 'MsTeamsChannel'
    location: 'global'
    properties: {
      channelName: 'MsTeamsChannel'
      properties: { isEnabled: true, acceptedTerms: true }
    }
  }
}

@description('MicrosoftAppId of the bot.')
output botAppId string = identity.properties.clientId

@description('Object id of the managed identity: the subject of the federated credential.')
output identityPrincipalId string = identity.properties.principalId

@description('Where the web app answers; the CNAME of your own domain points here.')
output webHost string = web.properties.configuration.ingress.fqdn
