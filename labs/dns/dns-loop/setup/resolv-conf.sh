sed -i 's#^resolvConf:.*#resolvConf: /etc/resolv.conf#' /var/lib/kubelet/config.yaml
systemctl restart kubelet
