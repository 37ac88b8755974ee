# scores: 6 of 9
# fails: proxies inside
# because proxies: 2
kubectl -n $ns patch svc $app -p '{"spec":{"externalTrafficPolicy":"Cluster"}}'
pod=$(kubectl -n $ns get pods -l app=$app -o jsonpath='{.items[0].status.podIP}')
ssh node02 "iptables -t nat -I PREROUTING -p tcp --dport $nodePort -j DNAT --to-destination $pod:$port; iptables -t nat -I POSTROUTING -d $pod -p tcp --dport $port -j MASQUERADE"
