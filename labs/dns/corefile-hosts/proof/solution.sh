kubectl -n kube-system get cm coredns -o yaml > coredns.yaml
sed -i "s/^        ready$/        ready\n        hosts {\n           192.168.50.$a $first.$zone\n           192.168.50.$b $second.$zone\n           fallthrough\n        }/" coredns.yaml
kubectl replace -f coredns.yaml
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system rollout status deployment coredns
