# scores: 5 of 7
# fails: outside kept
# because kept: was edited
kubectl -n kube-system get configmap kube-proxy -o yaml | sed -E -e 's#mode: .*#mode: ""#' -e 's#kubeconfig: .*#kubeconfig: /var/lib/kube-proxy/kubeconfig.conf#' | kubectl replace -f -
kubectl -n kube-system delete pod -l k8s-app=kube-proxy
kubectl -n $ns delete svc $app
kubectl -n $ns expose deployment $app --port=80 --target-port=$port
