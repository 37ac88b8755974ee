ssh node01 "echo 'KUBELET_EXTRA_ARGS=--cluster-dns=10.96.0.10' > /etc/default/kubelet; systemctl restart kubelet"
kubectl -n kube-system patch netpol coredns-clients --type=json -p '[{"op":"replace","path":"/spec/ingress/0/from","value":[{"namespaceSelector":{}}]}]'
kubectl -n $ns rollout restart deploy sorter; kubectl -n $ns rollout status deploy sorter
