# scores: 0 of 7
# fails: first second below nothing-else one-door
# because first: 503
# because first: which has no port 80
kubectl -n "$ns" create ingress shops --class=nginx --rule="/$a*=$a-service:80" --rule="/$b*=$b-service:80"
