KUBE_EDITOR="sed -i 's,^        forward .*,        forward $zone 10.96.$b.$c\n&,'" kubectl -n kube-system edit configmap coredns
kubectl -n kube-system delete pods -l k8s-app=kube-dns
