# scores: 0 of 8
# fails: names two tcp pods-kept
# because two: 0
kubeadm init phase addon coredns
sleep 30
