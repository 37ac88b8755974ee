scp /var/lib/kubelet/config.yaml node01:/var/lib/kubelet/config.yaml
ssh node01 "sed -i s/:$port/:6443/ /etc/kubernetes/kubelet.conf && systemctl enable --now kubelet"
