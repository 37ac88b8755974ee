# scores: 2 of 9
# fails: wiki lasting services internet server-kept
# because wiki: knows no
kubectl -n kube-system get cm coredns -o yaml | sed "s/^        ready$/        ready\n        hosts {\n            172.30.2.$c git.$zone\n            fallthrough\n        }/" | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
