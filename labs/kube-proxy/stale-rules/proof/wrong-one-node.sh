# scores: 7 of 10
# fails: follows
# because follows: controlplane does not know the new Service
KUBE_EDITOR="sed -i s/:$apiPort/:6443/" kubectl -n kube-system edit configmap kube-proxy
kubectl -n kube-system delete pod --field-selector spec.nodeName=node01 -l k8s-app=kube-proxy
sleep 15
