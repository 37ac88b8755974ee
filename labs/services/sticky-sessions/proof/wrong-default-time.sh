# scores: 6 of 8
# fails: minutes
# because minutes: 180 minutes
kubectl -n "$ns" patch service "$app" -p '{"spec":{"sessionAffinity":"ClientIP"}}'
