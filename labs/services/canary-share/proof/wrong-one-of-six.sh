# scores: 2 of 10
# fails: share five-pods preview
# because share: 1 of 6
kubectl -n "$ns" scale deployment "$app-maintenance" --replicas=0
kubectl -n "$ns" set selector service "$app" "app=$app"
