kubectl -n kube-system logs ds/kube-proxy | tail -3
KUBE_EDITOR="sed -i s/:$apiPort/:6443/" kubectl -n kube-system edit configmap kube-proxy
kubectl -n kube-system rollout restart daemonset kube-proxy
kubectl -n kube-system rollout status daemonset kube-proxy
