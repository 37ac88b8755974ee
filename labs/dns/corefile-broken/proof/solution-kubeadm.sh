kubectl -n kube-system delete configmap coredns
kubeadm init phase addon coredns
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system rollout status deployment coredns
