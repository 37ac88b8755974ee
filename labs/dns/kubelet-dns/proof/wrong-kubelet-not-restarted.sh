# scores: 0 of 8
# fails: agents new-pods agents-kept services-kept
# because new-pods: has in its /etc/resolv.conf: nameserver 10.96.0.
ssh node01 "sed -i 's/10.96.0.$last/10.96.0.10/' /var/lib/kubelet/config.yaml"
kubectl -n "$ns" rollout restart daemonset agent
