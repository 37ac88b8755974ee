# scores: 2 of 8
# fails: ready answers kept
# because ready: False
ssh node01 "sed -i 's#clientCAFile: .*#clientCAFile: /etc/kubernetes/pki/ca.crt#' /var/lib/kubelet/config.yaml; systemctl enable --now kubelet"
