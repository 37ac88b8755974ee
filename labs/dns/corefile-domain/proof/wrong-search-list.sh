# scores: 2 of 8
# fails: new-names all-services old-names internet
# because new-names: knows no
kubectl -n kube-system get cm coredns -o yaml > /root/coredns-backup.yaml
kubectl -n "$ns" patch deployment client -p "{\"spec\":{\"template\":{\"spec\":{\"dnsConfig\":{\"searches\":[\"$domain\"]}}}}}"
