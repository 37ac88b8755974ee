# scores: 3 of 8
# fails: nodes pods-of-node01 services not-a-service who-gives
answer nodes "$(ip route show dev eth0 | awk '/scope link/ {print $1}')"
answer pods 10.244.0.0/16
answer pods-of-node01 10.244.0.0/24
answer services 10.96.0.0/24
answer not-a-service 10.104.17.3
answer who "$(kubectl -n "$ns" get svc "$app" -o jsonpath='{.spec.clusterIP}')"
answer host-network hostNetwork
answer who-gives kube-scheduler
