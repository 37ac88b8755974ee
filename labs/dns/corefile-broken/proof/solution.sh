kubectl -n kube-system get cm coredns -o yaml | sed -e "s/$typo/forward/" -e "s/$zone/cluster.local/" | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system rollout status deployment coredns
