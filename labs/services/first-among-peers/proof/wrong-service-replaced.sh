# scores: 9 of 10
# fails: one-address
kubectl -n "$ns" get svc "$db-headless" -o json | jq '.metadata={name: (env.db + "-peers")} | .spec.publishNotReadyAddresses=true' | kubectl -n "$ns" apply -f -
kubectl -n "$ns" delete svc "$db"
