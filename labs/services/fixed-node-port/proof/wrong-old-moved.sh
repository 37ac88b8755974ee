# scores: 9 of 10
# fails: nothing-else
# because nothing-else: (type NodePort)
kubectl -n "$oldNs" patch svc "$old" --type=json -p '[{"op":"replace","path":"/spec/ports/0/nodePort","value":32750}]'
kubectl -n "$ns" create service nodeport "$app" --tcp="80:$port" --node-port="$nodePort"
ssh node01 iptables -t mangle -F PREROUTING
