ssh node01 "cp /etc/cni/net.d/10-flannel.conflist /etc/cni/net.d/00-flannel.conflist; chmod 755 /opt/cni/bin/*"
