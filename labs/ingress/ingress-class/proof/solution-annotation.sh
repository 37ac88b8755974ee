kubectl -n "$ns" annotate ingress "$a" kubernetes.io/ingress.class=nginx
kubectl -n "$ns" delete ingress "$b"
kubectl -n "$ns" create ingress "$b" --class=nginx --rule="$b.$domain/*=$b:80"
