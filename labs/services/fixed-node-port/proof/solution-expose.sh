KUBE_EDITOR="sed -i 's/type: NodePort/type: ClusterIP/'" kubectl -n "$oldNs" edit service "$old"
kubectl -n "$ns" expose deployment "$app" --type=NodePort --port=80 --target-port="$port"
kubectl -n "$ns" patch svc "$app" --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/nodePort\",\"value\":$nodePort}]"
ssh node01
iptables -t mangle -L PREROUTING -n --line-numbers
iptables -t mangle -D PREROUTING 1
exit
