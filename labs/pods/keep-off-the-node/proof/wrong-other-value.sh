# scores: 8 of 10
# fails: taint-kept
kubectl uncordon node01
kubectl taint node node02 $key=$app:NoSchedule --overwrite
kubectl -n $ns patch deploy $app -p '{"spec":{"template":{"spec":{"tolerations":[{"key":"'$key'","value":"'$app'","effect":"NoSchedule"}]}}}}'
kubectl -n $ns rollout status deploy $app
