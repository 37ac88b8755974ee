# scores: 0 of 10
# fails: node01 node02 inside pod-network controlplane
# because node01: the server sees 10.244.
kubectl -n "$ns" scale deployment "$app" --replicas=2
ssh outside curl -s 172.30.1.2:$nodePort
answer controlplane "the page"
