# scores: 8 of 9
# fails: no-name
# because no-name: 404
kubectl -n "$ns" create ingress front --class=nginx --rule="*.$domain/*=sorry:80" --rule="$a.$domain/*=$a:80" --rule="$b.$domain/archive*=$a:80" --rule="$b.$domain/*=$b:80"
