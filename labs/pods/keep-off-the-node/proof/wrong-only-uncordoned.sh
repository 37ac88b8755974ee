# scores: 4 of 10
# fails: answers taint-kept control-plane
# because answers: on node01
kubectl uncordon node01
