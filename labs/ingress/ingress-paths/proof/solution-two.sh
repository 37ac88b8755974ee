kubectl -n "$ns" create ingress shops --annotation=kubernetes.io/ingress.class=nginx --rule="/$a*=$a-service:http"
kubectl -n "$ns" create ingress more --class=nginx --rule="/$b*=$b-service:http"
