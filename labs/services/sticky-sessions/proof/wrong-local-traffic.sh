# scores: 0 of 8
# fails: same-pod minutes several-pods others
# because same-pod: 3
kubectl -n "$ns" patch service "$app" -p '{"spec":{"internalTrafficPolicy":"Local"}}'
kubectl -n "$ns" annotate service "$app" "nginx.ingress.kubernetes.io/affinity=cookie"
