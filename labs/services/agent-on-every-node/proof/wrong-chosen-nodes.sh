# scores: 8 of 9
# fails: also-later
# because also-later: a worker node that joins gets no Pod
kubectl label node controlplane node01 agents=yes
kubectl -n "$ns" patch daemonset "$agent" -p '{"spec":{"template":{"spec":{"nodeSelector":{"agents":"yes"},"tolerations":[{"operator":"Exists"}]}}}}'
kubectl -n "$ns" rollout status daemonset "$agent"
