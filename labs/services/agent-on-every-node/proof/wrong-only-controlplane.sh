# scores: 5 of 9
# fails: node01 also-later
# because node01: has no local endpoints
kubectl -n "$ns" patch daemonset "$agent" -p '{"spec":{"template":{"spec":{"tolerations":[{"operator":"Exists"}],"nodeSelector":{"kubernetes.io/hostname":"controlplane"}}}}}'
kubectl -n "$ns" rollout status daemonset "$agent"
