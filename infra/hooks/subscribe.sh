#!/bin/sh
# After the code is deployed: subscribes the function on_image_published to gallery image versions,
# if imageEvents is on. Safe to run again. azd puts the outputs of infra/main.bicep into the
# environment. What to know of these events is said in infra/event-subscription.bicep.
set -eu

[ -n "${EVENT_TOPIC_NAME:-}" ] || exit 0

az account show --output none || {
    echo "The Azure CLI is not signed in (azd's own sign-in is another): run az login, then azd hooks run postdeploy" >&2
    exit 1
}

# Until the host has indexed the code, Azure answers "Destination endpoint not found. Resource should
# pre-exist": so wait for the function.
attempt=1
until az functionapp function show \
    --subscription "$AZURE_SUBSCRIPTION_ID" \
    --resource-group "$AZURE_RESOURCE_GROUP" \
    --name "$FUNCTION_APP_NAME" \
    --function-name on_image_published \
    --output none 2>/dev/null; do
    if [ "$attempt" -ge 30 ]; then
        echo "The function on_image_published of $FUNCTION_APP_NAME has not appeared in five minutes: nothing is subscribed." >&2
        echo "See whether the app starts (portal, Log stream), then run: azd hooks run postdeploy" >&2
        exit 1
    fi
    attempt=$((attempt + 1))
    sleep 10
done

az deployment group create \
    --subscription "$AZURE_SUBSCRIPTION_ID" \
    --resource-group "$AZURE_RESOURCE_GROUP" \
    --name event-subscription \
    --template-file "$(dirname "$0")/../event-subscription.bicep" \
    --parameters topicName="$EVENT_TOPIC_NAME" functionAppName="$FUNCTION_APP_NAME" \
        deadLetterContainerId="${DEAD_LETTER_CONTAINER_ID:-}" imagesBelow="${IMAGE_EVENTS_BELOW:-}" \
    --output none
echo "Gallery image versions written in this subscription are reported to $FUNCTION_APP_NAME."
