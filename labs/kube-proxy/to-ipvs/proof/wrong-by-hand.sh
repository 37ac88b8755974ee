# scores: 8 of 10
# fails: answers follows
ip=$(kubectl -n "$ns" get svc "$app" -o jsonpath='{.spec.clusterIP}')
pods=$(kubectl -n "$ns" get pods -l app="$app" -o jsonpath='{.items[*].status.podIP}')
for n in controlplane node01; do for c in "ip link add kube-ipvs0 type dummy" "ip addr add $ip/32 dev kube-ipvs0" "ipvsadm -A -t $ip:80 -s $scheduler"; do ssh -o StrictHostKeyChecking=accept-new $n $c; done; for p in $pods; do ssh $n ipvsadm -a -t $ip:80 -r $p:$port -m; done; done
answer interface kube-ipvs0
kubectl -n kube-system delete daemonset kube-proxy
for n in controlplane node01; do ssh $n iptables -t nat -F; done
