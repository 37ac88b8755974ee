ssh node01
systemctl enable kubelet
sed -i 's#clientCAFile: .*#clientCAFile: /etc/kubernetes/pki/ca.crt#' /var/lib/kubelet/config.yaml
mv /root/backup/10-flannel.conflist /etc/cni/net.d/
systemctl restart kubelet
exit
