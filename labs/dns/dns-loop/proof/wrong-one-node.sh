# scores: 7 of 9
# fails: node-resolver policy
# because node-resolver: 127.0.0.53
ssh node01 "sed -i 's#^resolvConf:.*#resolvConf: /run/systemd/resolve/resolv.conf#' /var/lib/kubelet/config.yaml; systemctl restart kubelet"
kubectl -n kube-system patch deployment coredns -p '{"spec":{"template":{"spec":{"nodeName":"node01"}}}}'
kubectl -n kube-system delete pods -l k8s-app=kube-dns
kubectl -n "$ns" rollout restart daemonset "$app"
