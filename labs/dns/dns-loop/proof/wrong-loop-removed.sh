# scores: 3 of 9
# fails: internet node-resolver guard policy
# because node-resolver: 127.0.0.53
kubectl -n kube-system get cm coredns -o yaml | sed '/^ *loop$/d' | kubectl replace -f -
kubectl -n kube-system delete pods -l k8s-app=kube-dns
