# scores: 9 of 10
# fails: old-inside
# because old-inside: there is no Service
kubectl -n "$oldNs" delete svc "$old"
kubectl -n "$ns" create service nodeport "$app" --tcp="80:$port" --node-port="$nodePort"
ssh node01 iptables -t mangle -F PREROUTING
