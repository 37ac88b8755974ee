kubectl get configmaps -n kube-system coredns -oyaml > coredns-backup.yaml
KUBE_EDITOR="sed -i 's/^        ready/        ready\n        rewrite name suffix .$domain. .cluster.local. answer auto/'" kubectl -n kube-system edit configmap coredns
kubectl -n kube-system delete pods -l k8s-app=kube-dns
