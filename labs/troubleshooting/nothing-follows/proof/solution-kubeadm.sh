kubeadm init phase control-plane controller-manager --pod-network-cidr 10.244.0.0/16
sleep 30
kubectl -n $ns set selector service $app app=$app
