# scores: 6 of 9
# fails: node-resolver policy
# because node-resolver: 127.0.0.53
kubectl -n kube-system get cm coredns -o yaml | sed 's,forward . /etc/resolv.conf,forward . 1.1.1.1 8.8.8.8,' | kubectl replace -f -
kubectl -n kube-system delete pods -l k8s-app=kube-dns
