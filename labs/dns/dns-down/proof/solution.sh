kubectl -n kube-system scale deployment coredns --replicas=2
kubectl -n kube-system set selector service kube-dns k8s-app=kube-dns
kubectl -n kube-system rollout status deployment coredns
