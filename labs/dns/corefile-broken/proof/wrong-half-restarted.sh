# scores: 6 of 8
# fails: both
kubectl -n kube-system get cm coredns -o yaml | sed -e "s/$typo/forward/" -e "s/$zone/cluster.local/" | kubectl replace -f -
kubectl -n kube-system scale deployment coredns --replicas=0
kubectl -n kube-system scale deployment coredns --replicas=1
