# scores: 8 of 9
# fails: lasting
# because lasting: has another address now
ip=$(kubectl -n "$ns" get pods -l app=names -o jsonpath='{.items[0].status.podIP}')
kubectl -n kube-system get cm coredns -o json | jq --arg zone "$zone" --arg ip "$ip" '.data.Corefile += "\($zone):53 {\n    errors\n    forward . \($ip)\n}\n"' | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system rollout status deployment coredns
