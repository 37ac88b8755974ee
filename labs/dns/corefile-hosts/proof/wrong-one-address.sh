# scores: 7 of 9
# fails: second
# because second: 192.168.50.
kubectl -n kube-system get cm coredns -o yaml > coredns.yaml
sed -i "s/^        ready$/        ready\n        hosts {\n           192.168.50.$a $first.$zone $second.$zone\n           fallthrough\n        }/" coredns.yaml
kubectl replace -f coredns.yaml
kubectl -n kube-system rollout restart deployment coredns
