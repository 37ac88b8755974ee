# scores: 3 of 7
# fails: scheduled scheduler kept
# because scheduler: false
sed -i 's#--etcd-servers=.*#--etcd-servers=https://127.0.0.1:2379#' /etc/kubernetes/manifests/kube-apiserver.yaml
sleep 40
