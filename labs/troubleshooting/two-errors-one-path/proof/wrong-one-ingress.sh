# scores: 6 of 8
# fails: api
# because api: 200 and the body
kubectl -n $ns delete ingress manual api
kubectl -n $ns create ingress site --class=nginx --annotation nginx.ingress.kubernetes.io/rewrite-target=/ --rule="$host/$path*=manual:8080" --rule="$host/api*=api:80"
