# scores: 2 of 8
# fails: trusted redirected
# because trusted: certificate
kubectl -n "$ns" create secret tls "$app-tls" --cert=/root/tls/mail.crt --key=/root/tls/mail.key
kubectl -n "$ns" patch ingress "$app" -p "{\"spec\":{\"tls\":[{\"hosts\":[\"$host\"],\"secretName\":\"$app-tls\"}]}}"
