# scores: 9 of 10
# fails: preview
# because preview: ends at Pod
kubectl -n "$ns" scale deployment "$app" --replicas=4
kubectl -n "$ns" scale deployment "$app-maintenance" --replicas=0
for s in "$app" "$app-preview"; do kubectl -n "$ns" set selector service "$s" "app=$app"; done
