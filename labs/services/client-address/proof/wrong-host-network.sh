# scores: 7 of 10
# fails: pod-network controlplane
# because pod-network: true
kubectl -n "$ns" patch deployment "$app" -p '{"spec":{"replicas":2,"template":{"spec":{"hostNetwork":true}}}}'
kubectl -n "$ns" patch svc "$app" -p '{"spec":{"externalTrafficPolicy":"Local"}}'
answer controlplane "connection refused"
