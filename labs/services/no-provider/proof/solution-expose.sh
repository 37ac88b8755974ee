kubectl -n "$ns" delete service "$app"
kubectl -n "$ns" expose deployment "$app" --port=80 --target-port="$port" --external-ip=172.30.2.2
