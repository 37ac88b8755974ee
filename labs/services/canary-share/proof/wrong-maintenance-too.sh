# scores: 0 of 10
# fails: share traffic five-pods preview
# because share: 1 of 6
# because traffic: -maintenance-
kubectl -n "$ns" scale deployment "$app" --replicas=4
kubectl -n "$ns" set selector service "$app" "app=$app"
