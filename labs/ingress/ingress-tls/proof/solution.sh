kubectl -n "$ns" create secret tls "$app-tls" --cert=/root/tls/web.crt --key=/root/tls/web.key
kubectl -n "$ns" patch ingress "$app" -p "{\"spec\":{\"tls\":[{\"hosts\":[\"$host\"],\"secretName\":\"$app-tls\"}]}}"
