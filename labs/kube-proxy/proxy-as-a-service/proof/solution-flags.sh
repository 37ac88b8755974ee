ssh node01 "sed -i 's#^ExecStart=.*#ExecStart=/usr/local/bin/kube-proxy --kubeconfig=/var/lib/kube-proxy/kubeconfig.conf --proxy-mode=iptables --cluster-cidr=10.244.0.0/16 --hostname-override=node01#' /etc/systemd/system/kube-proxy.service"
ssh node01 "sed -i s/:$apiPort/:6443/ /var/lib/kube-proxy/kubeconfig.conf; systemctl daemon-reload; systemctl reenable kube-proxy; systemctl restart kube-proxy"
sleep 5
answer log /var/log/kube-proxy.log
