kubectl -n kube-system get cm coredns -o yaml | tee /root/coredns-backup.yaml
kubectl -n kube-system get cm coredns -o yaml | sed "s/^    \.:53 {/    $domain:53 {\n        kubernetes $domain\n    }\n    .:53 {/" | kubectl replace -f -
kubectl -n kube-system rollout restart deployment/coredns
