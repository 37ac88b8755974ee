# scores: 0 of 9
# fails: only every rollout tester deployment-kept
# because only: 10.244.9.17
kubectl -n $ns label pod load-test app-
