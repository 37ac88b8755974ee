ssh node01
systemctl status kubelet --no-pager
systemctl enable --now kubelet
journalctl -u kubelet --no-pager | tail -5
sed -i 's#clientCAFile:.*#clientCAFile: /etc/kubernetes/pki/ca.crt#' /var/lib/kubelet/config.yaml
systemctl restart kubelet
journalctl -u kubelet --no-pager | tail -5
sed -i 's#server: https://172.30.1.2:.*#server: https://172.30.1.2:6443#' /etc/kubernetes/kubelet.conf
systemctl restart kubelet
exit
kubectl wait --for=condition=Ready node/node01 --timeout=60s
