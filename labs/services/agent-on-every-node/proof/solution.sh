kubectl -n "$ns" patch daemonset "$agent" -p '{"spec":{"template":{"spec":{"tolerations":[{"key":"node-role.kubernetes.io/control-plane","effect":"NoSchedule"}]}}}}'
kubectl -n "$ns" rollout status daemonset "$agent"
