# scores: 7 of 9
# fails: also-later taint-kept
kubectl taint node controlplane node-role.kubernetes.io/control-plane:NoSchedule-
