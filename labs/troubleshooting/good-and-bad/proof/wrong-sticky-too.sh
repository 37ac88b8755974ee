# scores: 7 of 9
# fails: every
# because every: ends at Pod
kubectl -n $ns label pod load-test app-
kubectl -n $ns delete endpointslice $app-old
kubectl -n $ns patch svc $app -p '{"spec":{"sessionAffinity":"ClientIP"}}'
