kubectl -n kube-system get daemonset kube-proxy
kubectl -n kube-system logs ds/kube-proxy | grep Using
answer mode iptables
answer controller DaemonSet
ls /var/log/kube-proxy.log
answer log "kubectl logs"
svc=$(iptables -t nat -L KUBE-SERVICES -n | grep "$ns/$app:http cluster IP" | awk '{print $1}')
answer chain "$svc"
iptables -t nat -L "$svc" -n
answer probability "$(iptables -t nat -S "$svc" | grep -o 'probability [0-9.]*' | sed -n 2p | awk '{printf "%.2f", $2}')"
answer last 25
ip=$(kubectl -n "$ns" get pod "$app-0" -o wide --no-headers | awk '{print $6}')
answer endpoint-chain "$(iptables -t nat -S "$svc" | grep -e "-> $ip:$port" | awk '{print $NF}')"
answer target "$ip:$port"
answer node-port "$(iptables-save -t nat | grep -e "--dport $nodePort" | grep -o 'KUBE-EXT-[A-Z0-9]*')"
