kubectl -n kube-flannel delete pod --all
kubectl -n kube-flannel rollout status ds kube-flannel-ds
