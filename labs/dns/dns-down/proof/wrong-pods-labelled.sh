# scores: 7 of 8
# fails: pods-kept
# because pods-kept: was edited
kubectl -n kube-system get deployment coredns -o yaml | sed "s/k8s-app: kube-dns/k8s-app: $label/; s/replicas: 0/replicas: 2/" > coredns.yaml
kubectl replace --force -f coredns.yaml
