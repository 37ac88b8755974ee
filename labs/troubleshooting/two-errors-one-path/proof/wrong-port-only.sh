# scores: 0 of 8
# fails: page lasting api default pods-kept
# because page: 404
kubectl -n $ns patch ingress manual --type=json -p '[{"op":"replace","path":"/spec/rules/0/http/paths/0/backend/service/port/number","value":8080}]'
