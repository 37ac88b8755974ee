# scores: 9 of 10
# fails: boot
# because boot: disabled
ssh node01 "sed -i 's/^mode: .*/mode: iptables/' /var/lib/kube-proxy/config.conf; sed -i s/:$apiPort/:6443/ /var/lib/kube-proxy/kubeconfig.conf; systemctl restart kube-proxy"
sleep 5
answer log /var/log/kube-proxy.log
