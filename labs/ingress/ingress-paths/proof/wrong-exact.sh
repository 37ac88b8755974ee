# scores: 4 of 7
# fails: second below
# because below: 404
# because below: no rule fits the path
kubectl -n "$ns" create ingress shops --class=nginx --rule="/$a=$a-service:$pa" --rule="/$b=$b-service:$pb"
