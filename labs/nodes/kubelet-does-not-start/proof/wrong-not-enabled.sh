# scores: 8 of 9
# fails: enabled
# because enabled: exit code 1
ssh node01 "sed -i 's#pki/$ca#pki/ca.crt#' /var/lib/kubelet/config.yaml; sed -i s/:$port/:6443/ /etc/kubernetes/kubelet.conf; systemctl start kubelet"
