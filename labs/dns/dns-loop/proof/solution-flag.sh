for n in controlplane node01; do ssh "$n" 'echo KUBELET_EXTRA_ARGS=--resolv-conf=/run/systemd/resolve/resolv.conf > /etc/default/kubelet; systemctl restart kubelet'; done
kubectl -n kube-system rollout restart deployment coredns
kubectl -n "$ns" rollout restart daemonset "$app"
