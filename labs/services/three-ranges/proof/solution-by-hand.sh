answer nodes 172.30.2.0/24
answer pods "$(kubectl -n kube-flannel get cm kube-flannel-cfg -o jsonpath='{.data.net-conf\.json}' | jq -r .Network)"
answer pods-of-node01 "$(ssh node01 ip route show dev cni0 | awk '{print $1}')"
answer services "$(kubectl get servicecidr kubernetes -o jsonpath='{.spec.cidrs[0]}')"
answer not-a-service 10.112.0.10
answer who "$(kubectl -n "$ns" describe svc "$app" | awk '/^IP:/ {print $2}')/32"
answer host-network hostNetwork
answer who-gives kube-controller-manager
