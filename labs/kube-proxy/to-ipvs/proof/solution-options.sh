kubectl -n kube-system get configmap kube-proxy -o json > cm.json
jq ".data[\"config.conf\"] |= (sub(\"mode: \\\"\\\"\"; \"mode: ipvs\") | sub(\"scheduler: \\\"\\\"\"; \"scheduler: $scheduler\"))" cm.json | kubectl apply -f -
kubectl -n kube-system patch daemonset kube-proxy -p '{"spec":{"template":{"metadata":{"annotations":{"mode":"ipvs"}}}}}'
kubectl -n kube-system rollout status daemonset kube-proxy
answer interface kube-ipvs0
