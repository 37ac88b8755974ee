# scores: 6 of 8
# fails: no-node-ports
# because no-node-ports: (type LoadBalancer)
kubectl -n "$ns" patch service "$app" -p '{"spec":{"externalIPs":["172.30.2.2"]}}'
