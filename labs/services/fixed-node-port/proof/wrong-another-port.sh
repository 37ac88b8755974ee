# scores: 1 of 10
# fails: node-port outside old-inside deployment-kept nothing-else
# because outside: belongs to Service
# because nothing-else: not judged, because node-port failed
kubectl -n "$ns" create service nodeport "$app" --tcp="80:$port" --node-port="$nodePort"
kubectl -n "$ns" expose deployment "$app" --type=NodePort --port=80 --target-port=web
ssh node01 iptables -t mangle -F PREROUTING
