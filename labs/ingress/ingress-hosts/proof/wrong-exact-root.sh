# scores: 4 of 9
# fails: first second apps-kept
# because second: sorry
kubectl -n "$ns" create ingress front --class=nginx --default-backend=sorry:80 --rule="$a.$domain/=$a:80" --rule="$b.$domain/archive*=$a:80" --rule="$b.$domain/=$b:80"
