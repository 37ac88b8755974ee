# scores: 5 of 7
# fails: second
# because second: 404
kubectl -n "$ns" create ingress shops --class=nginx --rule="/$a*=$a-service:$pa" --rule="/$b=$b-service:$pb"
