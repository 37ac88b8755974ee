ssh node01 "sed -i 's#clientCAFile: .*#clientCAFile: /etc/kubernetes/pki/ca.crt#' /var/lib/kubelet/config.yaml; systemctl enable --now kubelet"
kubectl -n kube-flannel delete pod --field-selector spec.nodeName=node01
kubectl -n kube-flannel rollout status daemonset kube-flannel-ds
