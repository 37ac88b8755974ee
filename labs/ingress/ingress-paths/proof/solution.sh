kubectl -n "$ns" create ingress shops --class=nginx --rule="/$a*=$a-service:$pa" --rule="/$b*=$b-service:$pb"
