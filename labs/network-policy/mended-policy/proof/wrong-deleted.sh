# scores: 5 of 8
# fails: cleaner other-ports
# because cleaner: no NetworkPolicy is for ingress of Pod catalog-
kubectl -n $ns delete networkpolicy catalog
