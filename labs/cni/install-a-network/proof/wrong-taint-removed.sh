# scores: 0 of 9
# fails: ready names friend stranger
kubectl taint nodes --all node.kubernetes.io/not-ready-
