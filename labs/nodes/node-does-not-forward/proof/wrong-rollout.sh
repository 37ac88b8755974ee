# scores: 6 of 10
# fails: lasting audit-kept
kubectl -n "$ns" rollout restart deployment "$app"
kubectl -n "$ns" rollout status deployment "$app"
