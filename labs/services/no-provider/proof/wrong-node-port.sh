# scores: 0 of 8
# fails: outside inside no-node-ports pods-kept
# because outside: connection refused
kubectl -n "$ns" patch service "$app" -p '{"spec":{"type":"NodePort"}}'
