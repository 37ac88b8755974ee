# scores: 6 of 9
# fails: other-name no-name
# because other-name: 404
kubectl -n "$ns" create ingress front --class=nginx --rule="$a.$domain/*=$a:80" --rule="$b.$domain/archive*=$a:80" --rule="$b.$domain/*=$b:80"
