# scores: 0 of 8
# fails: secret trusted redirected key-kept
# because trusted: certificate
kubectl create secret tls "$app-tls" --cert=/root/tls/web.crt --key=/root/tls/web.key
kubectl -n "$ns" patch ingress "$app" -p "{\"spec\":{\"tls\":[{\"hosts\":[\"$host\"],\"secretName\":\"$app-tls\"}]}}"
