# scores: 5 of 9
# fails: cleaner annex other-ports
# because cleaner: no NetworkPolicy is for ingress of Pod catalog-
kubectl -n $ns delete networkpolicy catalog
