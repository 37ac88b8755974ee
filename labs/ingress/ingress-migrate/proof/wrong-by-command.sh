# scores: 7 of 9
# fails: manifest
# because manifest: is empty or not there
kubectl -n "$ns" create ingress site --class=nginx --default-backend=home:80 --rule="$host/$a*=$a:http" --rule="$host/$b*=$b:80"
