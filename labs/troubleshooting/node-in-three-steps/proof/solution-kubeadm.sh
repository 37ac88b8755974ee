ssh node01
systemctl enable kubelet
kubeadm upgrade node
mv /root/backup/10-flannel.conflist /etc/cni/net.d/
systemctl restart kubelet
exit
