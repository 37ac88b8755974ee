# scores: 6 of 8
# fails: old-names
# because old-names: knows no
kubectl -n kube-system get cm coredns -o yaml > /root/coredns-backup.yaml
sed "s/kubernetes cluster.local/kubernetes $domain/" /root/coredns-backup.yaml | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
