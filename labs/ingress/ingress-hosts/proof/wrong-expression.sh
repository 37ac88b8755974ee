# scores: 7 of 9
# fails: second
# because second: by its path /archive
kubectl -n "$ns" create ingress front --class=nginx --default-backend=sorry:80 --annotation=nginx.ingress.kubernetes.io/use-regex=true --rule="$a.$domain/*=$a:80" --rule="$b.$domain/archive*=$a:80" --rule="$b.$domain/*=$b:80"
