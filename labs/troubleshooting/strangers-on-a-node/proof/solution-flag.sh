ssh node01 "mv /etc/cni/net.d/$file /etc/cni/net.d/$file.off; echo 'KUBELET_EXTRA_ARGS=\"--cluster-dns=10.96.0.10\"' > /etc/default/kubelet; systemctl restart kubelet"
kubectl -n $ns rollout restart deploy $app; kubectl -n $ns rollout status deploy $app
