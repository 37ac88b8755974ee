# scores: 8 of 10
# fails: outside
# because outside: (1 of 2 attempts go well)
# because outside: rule `iptables -t mangle -A PREROUTING -i eth0 -p tcp -m tcp --dport 30000:32767
kubectl -n "$oldNs" patch svc "$old" -p '{"spec":{"type":"ClusterIP"}}'
kubectl -n "$ns" create service nodeport "$app" --tcp="80:$port" --node-port="$nodePort"
ssh node01 iptables -I INPUT -p tcp --dport "$nodePort" -j ACCEPT
