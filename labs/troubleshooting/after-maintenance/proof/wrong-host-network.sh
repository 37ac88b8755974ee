# scores: 6 of 8
# fails: ready place
kubectl uncordon node01
kubectl -n $ns patch deploy $app -p '{"spec":{"replicas":1,"template":{"spec":{"hostNetwork":true}}}}'
kubectl -n $ns delete pods --all --force
sleep 30
