# scores: 2 of 10
# fails: share five-pods preview
# because share: 0 of 
kubectl -n "$ns" scale deployment "$app" --replicas=4
kubectl -n "$ns" get deployment "$app-next" -o json | sed 's/"version": "next"/"version": "stable"/' | jq '.metadata.name="'$app'-20"' | kubectl apply -f -
kubectl -n "$ns" scale deployment "$app-next" --replicas=0
