# scores: 5 of 10
# fails: healthy-pods probe-works service-kept
# because service-kept: was edited: spec.publishNotReadyAddresses
kubectl -n "$ns" patch service "$app" -p '{"spec":{"publishNotReadyAddresses":true}}'
