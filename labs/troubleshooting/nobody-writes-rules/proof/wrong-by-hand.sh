# scores: 0 of 7
# fails: answers outside proxies kept
# because proxies: 0
ip=$(kubectl -n $ns get svc $app -o jsonpath='{.spec.clusterIP}')
pod=$(kubectl -n $ns get pods -l app=$app -o jsonpath='{.items[0].status.podIP}')
iptables -t nat -I PREROUTING -d $ip -p tcp --dport 80 -j DNAT --to-destination $pod:$port
