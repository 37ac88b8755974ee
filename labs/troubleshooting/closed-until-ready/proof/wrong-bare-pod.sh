# scores: 6 of 7
# fails: ready
kubectl -n $ns run helper --image=hashicorp/http-echo:1.0 -l app=$app -- -listen=:$port "-text=$app ok"
kubectl -n $ns patch svc $app --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":'$port'}]'
sleep 5
