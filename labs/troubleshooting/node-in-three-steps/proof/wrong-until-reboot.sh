# scores: 6 of 8
# fails: boot
# because boot: disabled
ssh node01 "sed -i 's#clientCAFile: .*#clientCAFile: /etc/kubernetes/pki/ca.crt#' /var/lib/kubelet/config.yaml; mv /root/backup/10-flannel.conflist /etc/cni/net.d/; systemctl start kubelet"
