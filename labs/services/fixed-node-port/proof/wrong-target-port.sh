# scores: 5 of 10
# fails: outside inside
# because outside: nothing listens on port 80 in Pod
# because inside: nothing listens on port 80 in Pod
kubectl -n "$oldNs" patch svc "$old" -p '{"spec":{"type":"ClusterIP"}}'
kubectl -n "$ns" create service nodeport "$app" --tcp=80 --node-port="$nodePort"
ssh node01 iptables -t mangle -F PREROUTING
