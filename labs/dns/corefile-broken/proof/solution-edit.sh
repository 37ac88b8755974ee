KUBE_EDITOR="sed -i 's/$typo/forward/'" kubectl -n kube-system edit configmap coredns
KUBE_EDITOR="sed -i 's/kubernetes $zone/kubernetes cluster.local/'" kubectl -n kube-system edit configmap coredns
kubectl -n kube-system delete pods -l k8s-app=kube-dns
