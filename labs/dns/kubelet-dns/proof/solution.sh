ssh node01 "sed -i 's/10.96.0.$last/10.96.0.10/' /var/lib/kubelet/config.yaml; systemctl restart kubelet"
kubectl -n "$ns" rollout restart daemonset agent
kubectl -n "$ns" rollout status daemonset agent
