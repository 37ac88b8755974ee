# scores: 6 of 8
# fails: backup
# because backup: does not have the Corefile as it was
KUBE_EDITOR="sed -i 's/kubernetes cluster.local/kubernetes cluster.local $domain/'" kubectl -n kube-system edit configmap coredns
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system get cm coredns -o yaml > /root/coredns-backup.yaml
