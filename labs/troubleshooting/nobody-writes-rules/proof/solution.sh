kubectl -n kube-system get configmap kube-proxy -o yaml | sed -E -e 's#mode: .*#mode: ""#' -e 's#kubeconfig: .*#kubeconfig: /var/lib/kube-proxy/kubeconfig.conf#' | kubectl replace -f -
kubectl -n kube-system delete pod -l k8s-app=kube-proxy
kubectl -n kube-system rollout status daemonset kube-proxy --timeout=90s
