# scores: 0 of 8
# fails: outside inside no-node-ports pods-kept
kubectl -n "$ns" patch service "$app" -p '{"spec":{"type":"ClusterIP","externalIPs":["172.30.1.2"]}}'
