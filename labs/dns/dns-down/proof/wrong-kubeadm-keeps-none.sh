# scores: 0 of 8
# fails: names two tcp pods-kept
# because tcp: gets no answer
kubeadm init phase addon coredns
sleep 30
