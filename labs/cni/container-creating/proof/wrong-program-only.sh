# scores: 0 of 9
# fails: runs own-network out deployment-kept
# because runs: failed to find plugin
ssh node01 chmod +x /opt/cni/bin/flannel
ssh node01 systemctl restart kubelet containerd
