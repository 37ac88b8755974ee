kubectl -n "$ns" patch svc "$app" -p '{"spec":{"externalTrafficPolicy":"Local"}}'
kubectl -n "$ns" scale deployment "$app" --replicas=2
kubectl -n "$ns" rollout status deployment "$app"
for node in 172.30.1.2 172.30.2.2 172.30.3.2; do ssh outside curl --connect-timeout 1 -s $node:$nodePort | grep -i client_address; done
answer controlplane "silence"
