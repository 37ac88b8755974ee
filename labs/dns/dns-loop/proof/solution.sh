for node in controlplane node01; do ssh $node "sed -i 's#^resolvConf:.*#resolvConf: /run/systemd/resolve/resolv.conf#' /var/lib/kubelet/config.yaml; systemctl restart kubelet"; done
kubectl -n kube-system rollout restart deployment coredns
kubectl -n "$ns" rollout restart daemonset "$app"
kubectl -n kube-system rollout status deployment coredns
