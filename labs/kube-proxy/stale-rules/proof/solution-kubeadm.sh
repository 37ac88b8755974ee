kubectl -n kube-system get configmap kubeadm-config -o jsonpath={.data.ClusterConfiguration} > cluster.yaml
kubeadm init phase addon kube-proxy --config cluster.yaml
kubectl -n kube-system rollout restart daemonset kube-proxy
kubectl -n kube-system rollout status daemonset kube-proxy
