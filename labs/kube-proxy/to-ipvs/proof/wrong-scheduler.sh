# scores: 2 of 10
# fails: controlplane node01 answers follows
# because controlplane: scheduler rr 2 Pods
kubectl -n kube-system get configmap kube-proxy -o yaml | sed -e 's/mode: ""/mode: ipvs/' | kubectl replace -f -
kubectl -n kube-system rollout restart daemonset kube-proxy
kubectl -n kube-system rollout status daemonset kube-proxy
answer interface kube-ipvs0
