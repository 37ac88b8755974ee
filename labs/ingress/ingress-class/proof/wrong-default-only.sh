# scores: 4 of 8
# fails: first controller-kept
# because first: 404
# because first: it has no class, and so no controller serves it
kubectl annotate ingressclass nginx ingressclass.kubernetes.io/is-default-class=true
kubectl -n "$ns" patch ingress "$b" -p '{"spec":{"ingressClassName":"nginx"}}'
