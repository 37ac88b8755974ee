kubectl -n kube-system delete deployment coredns
kubeadm init phase addon coredns
kubectl -n kube-system rollout status deployment coredns
