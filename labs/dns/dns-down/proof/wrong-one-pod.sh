# scores: 6 of 8
# fails: two
kubectl -n kube-system scale deployment coredns --replicas=1
kubectl -n kube-system set selector service kube-dns k8s-app=kube-dns
