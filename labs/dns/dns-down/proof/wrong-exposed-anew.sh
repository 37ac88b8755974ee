# scores: 2 of 8
# fails: names tcp pods-kept
# because names: no Service has the address 10.96.0.10
kubectl -n kube-system scale deployment coredns --replicas=2
kubectl -n kube-system delete svc kube-dns
kubectl -n kube-system expose deployment coredns --name=kube-dns --port=53 --protocol=UDP
