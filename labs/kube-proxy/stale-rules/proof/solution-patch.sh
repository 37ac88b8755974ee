kubectl -n kube-system get configmap kube-proxy -o json | jq '.data["kubeconfig.conf"] |= sub("server: .*"; "server: https://172.30.1.2:6443")' | kubectl replace -f -
for n in controlplane node01; do kubectl -n kube-system delete pod -l k8s-app=kube-proxy --field-selector spec.nodeName=$n; sleep 5; done
