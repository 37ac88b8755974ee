# scores: 3 of 9
# fails: mode log probability last endpoint-chain node-port
answer mode userspace
answer controller DaemonSet
answer log /var/log/kube-proxy.log
svc=$(iptables -t nat -S KUBE-SERVICES | grep "$ns/$app:http cluster IP" | awk '{print $NF}')
answer chain "$svc"
answer probability 0.25
answer last 100
ip=$(kubectl -n "$ns" get pod "$app-0" -o jsonpath='{.status.podIP}')
answer endpoint-chain "$(iptables-save -t nat | grep DNAT | grep -v "$ip:$port" | grep ":$port$" | head -1 | awk '{print $2}')"
answer target "$ip:$port"
answer node-port "$svc"
