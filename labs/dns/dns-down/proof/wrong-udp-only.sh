# scores: 7 of 8
# fails: tcp
# because tcp: gets no answer
kubectl -n kube-system scale deployment coredns --replicas=2
kubectl -n kube-system delete svc kube-dns
kubectl -n kube-system expose deployment coredns --name=kube-dns --cluster-ip=10.96.0.10 --port=53 --protocol=UDP
