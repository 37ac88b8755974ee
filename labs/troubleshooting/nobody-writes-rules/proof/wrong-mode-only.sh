# scores: 0 of 7
# fails: answers outside proxies kept
# because answers: no rule
kubectl -n kube-system get configmap kube-proxy -o yaml | sed -E 's#mode: .*#mode: ""#' | kubectl replace -f -
kubectl -n kube-system delete pod -l k8s-app=kube-proxy
