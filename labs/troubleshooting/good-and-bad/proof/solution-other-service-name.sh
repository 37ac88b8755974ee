kubectl -n $ns label pod load-test app=load-test --overwrite
kubectl -n $ns label endpointslice $app-old kubernetes.io/service-name-
