# scores: 6 of 8
# fails: secret key-kept
# because secret: Opaque
kubectl -n "$ns" create secret generic "$app-tls" --from-file=tls.crt=/root/tls/web.crt --from-file=tls.key=/root/tls/web.key
kubectl -n "$ns" patch ingress "$app" -p "{\"spec\":{\"tls\":[{\"hosts\":[\"$host\"],\"secretName\":\"$app-tls\"}]}}"
