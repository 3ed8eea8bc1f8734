#!/usr/bin/env bash
# Registers the app that people sign in to, in the partner's Entra tenant. Needs jq, Python and az, signed in as an
# Application Administrator.
#   deploy/entra/register.sh https://invoices.example.com
# Run it again after a change of address: what exists is brought up to date, not made twice.
set -euo pipefail

url=${1:?the bot\'s PUBLIC_URL, such as https://invoices.example.com}
url=${url%/}
name=${2:-My Invoices}
[[ $url == https://* ]] || { echo "PUBLIC_URL must begin with https://" >&2; exit 1; }
host=${url#https://}
host=${host%%[:/]*}

guid() { python3 -c 'import uuid; print(uuid.uuid4())'; }

# The clients that may ask for a token without asking the person: Teams on desktop and phone, Teams on the web, Microsoft 365 on the
# web, on the desktop, on phones (and Outlook on the desktop), Outlook on the web, on phones. Source: "Configure SSO for bots",
# Microsoft Learn.
clients='["1fec8e78-bce4-4aaf-ab1b-5451cc387264", "5e3ce6c0-2b1f-4285-8d4b-75ee78787346", "4765445b-32c6-49b0-83e6-1d93765276ca",
  "0ec893e0-5785-4de6-99da-4ed124e5296c", "d3590ed6-52b3-4102-aeff-aad2292ab01c", "bc59ab01-8403-45c6-8796-ac3ef710b3e3",
  "27922004-5251-4030-b22d-91ecd9a37ea4"]'

id=$(az ad app list --filter "displayName eq '$name'" --query '[0].appId' --output tsv)
if [[ -z $id ]]; then
  id=$(az ad app create --display-name "$name" --sign-in-audience AzureADMultipleOrgs --query appId --output tsv)
fi
object=$(az ad app show --id "$id" --query id --output tsv)
scope=$(az ad app show --id "$id" --query "api.oauth2PermissionScopes[?value=='access_as_user'].id | [0]" --output tsv)
scope=${scope:-$(guid)}

# An app role must keep its id: people are assigned to it. These two are used only where WORK365_MAPPING turns app roles on.
role() { # name; Entra allows no space in the value, and the bot compares without them
  local value=${1// /} known
  known=$(az ad app show --id "$id" --query "appRoles[?value=='$value'].id | [0]" --output tsv) || return
  jq --null-input --arg id "${known:-$(guid)}" --arg value "$value" --arg name "$1" '{
    id: $id, value: $value, displayName: $name, description: "Sees the invoices of the company",
    allowedMemberTypes: ["User"], isEnabled: true
  }'
}
administrator=$(role "Work 365 Administrator")
manager=$(role "Work365 Finance Manager")

body() { # pre-authorised clients: the scope has to exist before they can name it
  jq --null-input --arg id "$id" --arg url "$url" --arg host "$host" --arg scope "$scope" --argjson roles "[$administrator, $manager]" --argjson clients "$1" '{
    identifierUris: ["api://\($host)/botid-\($id)"],
    web: {redirectUris: ["\($url)/auth/callback"], implicitGrantSettings: {enableIdTokenIssuance: false, enableAccessTokenIssuance: false}},
    appRoles: $roles,
    api: {
      requestedAccessTokenVersion: 2,
      oauth2PermissionScopes: [{
        id: $scope, value: "access_as_user", type: "User", isEnabled: true,
        adminConsentDisplayName: "Recognize the person in Teams", adminConsentDescription: "My Invoices learns who writes to it in Teams.",
        userConsentDisplayName: "Recognize you in Teams", userConsentDescription: "My Invoices learns who you are in Teams."
      }],
      preAuthorizedApplications: [$clients[] | {appId: ., delegatedPermissionIds: [$scope]}]
    }
  }'
}
graph() {
  az rest --method PATCH --url "https://graph.microsoft.com/v1.0/applications/$object" --headers 'Content-Type=application/json' --body "$1"
}
graph "$(body '[]')"
graph "$(body "$clients")"

# User.Read, delegated: the least for which Entra gives a refresh token. Nothing is read with it.
az ad app permission add --id "$id" --api 00000003-0000-0000-c000-000000000000 \
  --api-permissions e1fe6dd8-ba31-4d61-89e7-88639da4683d=Scope --only-show-errors
az ad sp show --id "$id" --output none 2>/dev/null || az ad sp create --id "$id" --output none

echo "ENTRA_CLIENT_ID=$id"
echo "Next: az ad app credential reset --id $id --append --years 1   (ENTRA_CLIENT_SECRET), or a certificate or managed identity."
