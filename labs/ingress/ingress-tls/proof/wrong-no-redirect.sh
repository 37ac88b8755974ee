# scores: 6 of 8
# fails: redirected
# because redirected: 200
kubectl -n "$ns" create secret tls "$app-tls" --cert=/root/tls/web.crt --key=/root/tls/web.key
kubectl -n "$ns" annotate ingress "$app" nginx.ingress.kubernetes.io/ssl-redirect=false
kubectl -n "$ns" patch ingress "$app" -p "{\"spec\":{\"tls\":[{\"hosts\":[\"$host\"],\"secretName\":\"$app-tls\"}]}}"
