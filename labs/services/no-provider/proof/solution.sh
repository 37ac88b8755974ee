kubectl -n "$ns" patch service "$app" -p '{"spec":{"type":"ClusterIP","externalIPs":["172.30.2.2"]}}'
