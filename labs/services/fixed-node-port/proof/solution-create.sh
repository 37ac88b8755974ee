kubectl -n "$oldNs" delete svc "$old"
kubectl -n "$oldNs" expose deployment "$old" --port=80 --target-port=5678
kubectl -n "$ns" create service nodeport "$app" --tcp="80:$port" --node-port="$nodePort"
ssh node01 iptables -t mangle -I PREROUTING -p tcp --dport "$nodePort" -j ACCEPT
