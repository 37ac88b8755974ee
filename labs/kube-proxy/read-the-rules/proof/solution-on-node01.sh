answer mode "$(curl -s http://127.0.0.1:10249/proxyMode)"
answer controller DaemonSet
answer log "kubectl logs"
ip="$(kubectl -n $ns get pod $app-0 -o jsonpath='{.status.podIP}')"
ssh node01 iptables-save -t nat > rules
answer chain "$(grep KUBE-SERVICES rules | grep "$ns/$app:http cluster IP" | sed 's/.*-j //')"
answer probability 0.33
answer last "25.0"
answer endpoint-chain "$(grep DNAT rules | grep "$ip:$port" | cut -d' ' -f2)"
answer target "$(grep DNAT rules | grep "$ip:$port" | sed 's/.*--to-destination //')"
answer node-port "$(awk "/KUBE-NODEPORTS/ && /dport $nodePort /{print \$NF}" rules)"
