ssh node01 "sed -i 's/^mode: .*/mode: ipvs/' /var/lib/kube-proxy/config.conf; sed -i s/:$apiPort/:6443/ /var/lib/kube-proxy/kubeconfig.conf; systemctl enable --now kube-proxy"
sleep 5
answer log /var/log/kube-proxy.log
