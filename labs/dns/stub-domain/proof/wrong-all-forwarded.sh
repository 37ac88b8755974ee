# scores: 7 of 9
# fails: internet
# because internet: REFUSED
kubectl -n kube-system get cm coredns -o yaml | sed "s,forward . /etc/resolv.conf,forward . 10.96.$b.$c," | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
