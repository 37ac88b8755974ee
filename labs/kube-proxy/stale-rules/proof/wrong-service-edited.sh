# scores: 9 of 10
# fails: app-kept
KUBE_EDITOR="sed -i s/:$apiPort/:6443/" kubectl -n kube-system edit configmap kube-proxy
kubectl -n kube-system rollout restart daemonset kube-proxy
kubectl -n kube-system rollout status daemonset kube-proxy
kubectl -n "$ns" delete service "$app"
kubectl -n "$ns" expose deployment "$app" --port=80 --target-port="$port"
