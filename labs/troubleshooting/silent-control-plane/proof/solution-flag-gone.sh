sed -i 's#--etcd-servers=.*#--etcd-servers=https://127.0.0.1:2379#' /etc/kubernetes/manifests/kube-apiserver.yaml
sed -i '/leader-elect/d' /etc/kubernetes/manifests/kube-scheduler.yaml
sleep 30
