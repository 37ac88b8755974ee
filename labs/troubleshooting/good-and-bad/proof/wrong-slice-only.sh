# scores: 0 of 9
# fails: only every rollout tester deployment-kept
# because only: load
kubectl -n $ns delete endpointslice $app-old
