# scores: 4 of 8
# fails: names deployment-kept
# because names: name server 10.96.0.10 knows no
kubectl -n kube-system get cm coredns -o yaml | sed -e "s/$typo/forward/" | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
