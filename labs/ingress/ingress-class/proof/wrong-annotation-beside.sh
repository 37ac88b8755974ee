# scores: 4 of 8
# fails: second classes
# because second: 404
# because second: there is no IngressClass nginx-ingress
kubectl -n "$ns" annotate ingress "$a" kubernetes.io/ingress.class=nginx
kubectl -n "$ns" patch ingress "$b" -p '{"spec":{"ingressClassName":"nginx-ingress"}}'
