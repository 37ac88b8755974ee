# scores: 6 of 8
# fails: outside-names
kubectl -n kube-system get cm coredns -o yaml | sed -e "/$typo/,/}/d" -e "s/$zone/cluster.local/" | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
