# scores: 8 of 9
# fails: taint-kept
kubectl taint node controlplane node-role.kubernetes.io/control-plane:NoSchedule-
