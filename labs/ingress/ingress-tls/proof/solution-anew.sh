kubectl -n "$ns" create secret generic "$app-tls" --type=kubernetes.io/tls --from-file=tls.crt=/root/tls/web.crt --from-file=tls.key=/root/tls/web.key
kubectl -n "$ns" delete ingress "$app"
kubectl -n "$ns" create ingress "$app" --class=nginx --rule="$host/*=$app:80,tls=$app-tls"
