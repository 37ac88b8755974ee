# scores: 0 of 10
# fails: page closed neighbours app-kept outside
# because page: 504
kubectl -n $ns patch ingress site -p '{"spec":{"ingressClassName":"nginx"}}'
