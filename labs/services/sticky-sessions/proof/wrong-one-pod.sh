# scores: 5 of 8
# fails: minutes several-pods
# because several-pods: 1
kubectl -n "$ns" scale deployment "$app" --replicas=1
