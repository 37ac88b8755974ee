systemctl disable --now kubelet
sed -i 's#clientCAFile: .*#clientCAFile: /etc/kubernetes/pki/{{ca}}#' /var/lib/kubelet/config.yaml
sed -i 's#:6443#:{{port}}#' /etc/kubernetes/kubelet.conf
