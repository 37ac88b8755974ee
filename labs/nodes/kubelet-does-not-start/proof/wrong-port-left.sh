# scores: 1 of 9
# fails: ready finds-the-api runs answers-the-api
ssh node01 "sed -i 's#pki/$ca#pki/ca.crt#' /var/lib/kubelet/config.yaml; systemctl enable --now kubelet"
