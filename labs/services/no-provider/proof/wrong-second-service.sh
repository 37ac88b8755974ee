# scores: 7 of 8
# fails: inside
kubectl -n "$ns" delete service "$app"
kubectl -n "$ns" expose deployment "$app" --name=public --port=80 --target-port="$port" --external-ip=172.30.2.2
