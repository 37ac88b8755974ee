for name in $a $b; do kubectl -n "$ns" patch ingress "$name" -p '{"spec":{"ingressClassName":"nginx"}}'; done
