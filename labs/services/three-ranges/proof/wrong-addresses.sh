# scores: 4 of 8
# fails: nodes pods who host-network
answer nodes "$(ssh node01 hostname -i)"
answer pods 10.244.0.0/24
answer pods-of-node01 10.244.1.0/24
answer services 10.96.0.0/12
answer not-a-service 10.112.0.10
answer who "$(kubectl -n "$ns" get endpoints "$app" -o jsonpath='{.subsets[0].addresses[0].ip}')"
answer host-network nodeName
answer who-gives kube-controller-manager
