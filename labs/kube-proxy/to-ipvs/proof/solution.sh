kubectl -n kube-system get configmap kube-proxy -o yaml | sed -e 's/mode: ""/mode: ipvs/' -e "s/scheduler: \"\"/scheduler: $scheduler/" | kubectl replace -f -
kubectl -n kube-system rollout restart daemonset kube-proxy
kubectl -n kube-system rollout status daemonset kube-proxy
sleep 5
answer interface kube-ipvs0
