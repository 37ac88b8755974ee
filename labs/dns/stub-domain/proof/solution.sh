kubectl -n kube-system get cm coredns -o yaml > coredns.yaml
sed -i "s/^    \.:53 {/    $zone:53 {\n        errors\n        cache 30\n        forward . 10.96.$b.$c\n    }\n    .:53 {/" coredns.yaml
kubectl replace -f coredns.yaml
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system rollout status deployment coredns
