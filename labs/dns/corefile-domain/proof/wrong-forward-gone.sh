# scores: 7 of 8
# fails: internet
kubectl -n kube-system get cm coredns -o yaml > /root/coredns-backup.yaml
sed -e "s/kubernetes cluster.local/kubernetes cluster.local $domain/" -e '/forward/,/}/d' /root/coredns-backup.yaml | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
