# scores: 8 of 10
# fails: outside
# because outside: none of its endpoints is on controlplane
kubectl -n "$oldNs" patch svc "$old" -p '{"spec":{"type":"ClusterIP"}}'
kubectl -n "$ns" create service nodeport "$app" --tcp="80:$port" --node-port="$nodePort"
kubectl -n "$ns" patch svc "$app" -p '{"spec":{"externalTrafficPolicy":"Local"}}'
ssh node01 iptables -t mangle -F PREROUTING
