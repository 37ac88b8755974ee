kubeadm init phase addon kube-proxy --pod-network-cidr 10.244.0.0/16
kubectl -n kube-system rollout restart daemonset kube-proxy
kubectl -n kube-system rollout status daemonset kube-proxy --timeout=90s
