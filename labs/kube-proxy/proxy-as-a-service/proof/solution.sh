ssh node01
systemctl status kube-proxy
tail -2 /var/log/kube-proxy.log
sed -i 's/^mode: .*/mode: iptables/' /var/lib/kube-proxy/config.conf
systemctl restart kube-proxy
sleep 3
tail -2 /var/log/kube-proxy.log
sed -i 's/172.30.1.2:[0-9]*/172.30.1.2:6443/' /var/lib/kube-proxy/kubeconfig.conf
systemctl restart kube-proxy
systemctl enable kube-proxy
sleep 3
answer log /var/log/kube-proxy.log
exit
