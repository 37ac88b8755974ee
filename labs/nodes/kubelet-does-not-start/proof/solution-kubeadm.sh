ssh node01
sed -i 's#server: https://172.30.1.2:.*#server: https://172.30.1.2:6443#' /etc/kubernetes/kubelet.conf
kubeadm upgrade node phase kubelet-config
systemctl enable --now kubelet
exit
