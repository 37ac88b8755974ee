# scores: 6 of 9
# fails: second archive
kubectl -n "$ns" create ingress front --class=nginx --rule="$a.$domain/*=$a:80" --rule="$b.$domain/blog*=$b:80"
kubectl -n "$ns" create ingress rest --class=nginx --default-backend=sorry:80
