# scores: 6 of 9
# fails: stranger
# because stranger: connected
kubectl apply -f https://github.com/flannel-io/flannel/releases/latest/download/kube-flannel.yml
kubectl -n kube-flannel rollout status ds kube-flannel-ds
