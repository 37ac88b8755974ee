kubectl -n "$ns" create service clusterip "$db-peers" --clusterip=None
kubectl -n "$ns" set selector service "$db-peers" "app=$db"
kubectl -n "$ns" patch service "$db-peers" -p '{"spec":{"publishNotReadyAddresses":true}}'
