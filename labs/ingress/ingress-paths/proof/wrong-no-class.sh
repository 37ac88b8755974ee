# scores: 0 of 7
# fails: first second below nothing-else one-door
# because first: 404
# because first: it has no class, and so no controller serves it
kubectl -n "$ns" create ingress shops --rule="/$a*=$a-service:$pa" --rule="/$b*=$b-service:$pb"
