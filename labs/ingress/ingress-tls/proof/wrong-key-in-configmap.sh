# scores: 7 of 8
# fails: key-kept
# because key-kept: there is a private key in a ConfigMap
kubectl -n "$ns" create configmap "$app-tls" --from-file=/root/tls
kubectl -n "$ns" create secret tls "$app-tls" --cert=/root/tls/web.crt --key=/root/tls/web.key
kubectl -n "$ns" patch ingress "$app" -p "{\"spec\":{\"tls\":[{\"hosts\":[\"$host\"],\"secretName\":\"$app-tls\"}]}}"
