# scores: 1 of 8
# fails: answers ready place control-plane-kept
# because answers: has no ready endpoints
kubectl uncordon node01
