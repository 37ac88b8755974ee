kubectl patch node node01 -p '{"spec":{"unschedulable":false}}'
kubectl -n kube-flannel delete pods --all
kubectl -n $ns rollout status deployment $app --timeout=120s
