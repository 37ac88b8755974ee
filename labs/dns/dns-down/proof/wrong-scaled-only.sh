# scores: 2 of 8
# fails: names tcp pods-kept
# because names: matches no Pod
kubectl -n kube-system scale deployment coredns --replicas=2
