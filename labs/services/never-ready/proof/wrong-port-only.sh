# scores: 0 of 10
# fails: answers healthy-pods probe-works service-kept program-kept
# because answers: its readiness probe fails
kubectl -n "$ns" patch deployment "$app" -p '{"spec":{"template":{"spec":{"containers":[{"name":"page","readinessProbe":{"httpGet":{"port":"http"}}}]}}}}'
sleep 30
