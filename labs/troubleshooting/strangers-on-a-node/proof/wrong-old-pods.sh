# scores: 2 of 8
# fails: reached resolves kept
# because resolves: no answer
ssh node01 "rm /etc/cni/net.d/$file"
ssh node01 "sed -i s/$dns/10.96.0.10/ /var/lib/kubelet/config.yaml; systemctl restart kubelet"
