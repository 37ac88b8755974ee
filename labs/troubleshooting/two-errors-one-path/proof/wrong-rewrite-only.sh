# scores: 0 of 8
# fails: page lasting api default pods-kept
# because page: 503
kubectl -n $ns annotate ingress manual nginx.ingress.kubernetes.io/rewrite-target=/
