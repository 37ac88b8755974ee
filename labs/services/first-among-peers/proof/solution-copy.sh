kubectl -n "$ns" get svc "$db-headless" -o yaml | sed -e "s/name: $db-headless/name: $db-peers/" -e '/resourceVersion\|uid:\|creationTimestamp/d' | kubectl apply -f -
kubectl -n "$ns" delete svc "$db-headless"
kubectl -n "$ns" patch svc "$db-peers" -p '{"spec":{"publishNotReadyAddresses":true}}'
kubectl -n "$ns" rollout status statefulset "$db"
