# scores: 0 of 10
# fails: ready member-names found-early one-address headless set-kept
# because member-names: is not found
kubectl -n "$ns" create service clusterip "$db-peers" --clusterip=None --tcp=80
kubectl -n "$ns" set selector svc "$db-peers" app="$db"
