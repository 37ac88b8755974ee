# scores: 0 of 9
# fails: names internet both node-resolver guard policy
# because names: none of them ready
for node in controlplane node01; do ssh $node "sed -i 's#^resolvConf:.*#resolvConf: /run/systemd/resolve/resolv.conf#' /var/lib/kubelet/config.yaml"; done
kubectl -n "$ns" rollout restart daemonset "$app"
