kubeadm init phase control-plane apiserver
kubeadm init phase control-plane scheduler
sleep 30
kubectl get nodes
