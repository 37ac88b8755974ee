kubectl -n "$ns" scale deployment "$app" --replicas 4
kubectl -n "$ns" delete deployment "$app-maintenance"
kubectl -n "$ns" set selector service "$app" "app=$app"
