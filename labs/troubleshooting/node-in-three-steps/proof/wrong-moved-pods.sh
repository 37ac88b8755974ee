# scores: 7 of 8
# fails: kept
# because kept: was edited
ssh node01 "sed -i 's#clientCAFile: .*#clientCAFile: /etc/kubernetes/pki/ca.crt#' /var/lib/kubelet/config.yaml; mv /root/backup/10-flannel.conflist /etc/cni/net.d/; systemctl enable --now kubelet"
kubectl -n $ns patch deployment $app -p '{"spec":{"template":{"spec":{"nodeSelector":null}}}}'
kubectl -n $ns rollout status deployment $app --timeout=60s
