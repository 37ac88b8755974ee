# the CA as a flag in /etc/default/kubelet is older style: flags win over the file
ssh node01 "echo 'KUBELET_EXTRA_ARGS=--client-ca-file=/etc/kubernetes/pki/ca.crt' > /etc/default/kubelet"
ssh node01 "sed -i -E 's#(server: https://[^:]*):[0-9]+#\1:6443#' /etc/kubernetes/kubelet.conf"
ssh node01 "systemctl daemon-reload && systemctl enable kubelet && systemctl restart kubelet"
sleep 30
