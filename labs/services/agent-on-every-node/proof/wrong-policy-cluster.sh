# scores: 0 of 9
# fails: controlplane node01 also-later taint-kept
# because controlplane: of node01
kubectl -n "$ns" patch service "$agent" -p '{"spec":{"internalTrafficPolicy":"Cluster"}}'
