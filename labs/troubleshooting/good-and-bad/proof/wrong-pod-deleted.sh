# scores: 7 of 9
# fails: tester
# because tester: no Pod load-test
kubectl -n $ns delete endpointslice $app-old
kubectl -n $ns delete pod load-test --now
