# scores: 7 of 10
# fails: five-pods
# because five-pods: 10:
kubectl -n "$ns" scale deployment "$app" --replicas=8
kubectl -n "$ns" scale deployment "$app-next" --replicas=2
kubectl -n "$ns" scale deployment "$app-maintenance" --replicas=0
kubectl -n "$ns" set selector service "$app" "app=$app"
