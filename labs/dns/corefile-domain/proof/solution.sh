kubectl -n kube-system get cm coredns -o yaml > /root/coredns-backup.yaml
sed "s/kubernetes cluster.local/kubernetes $domain cluster.local/" /root/coredns-backup.yaml | kubectl apply -f -
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system rollout status deployment coredns
