kubectl -n $ns label pod load-test app-
kubectl -n $ns delete endpointslice $app-old
