# scores: 8 of 10
# fails: taint-kept
kubectl uncordon node01
kubectl taint node node02 "$key-"
kubectl -n "$ns" rollout restart deployment "$app"
kubectl -n "$ns" rollout status deployment "$app"
