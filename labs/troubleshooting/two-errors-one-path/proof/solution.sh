kubectl -n $ns patch ingress manual --type=json -p '[{"op":"replace","path":"/spec/rules/0/http/paths/0/backend/service/port/number","value":8080}]'
kubectl -n $ns annotate ingress manual nginx.ingress.kubernetes.io/rewrite-target=/
