# scores: 8 of 9
# fails: services
# because services: knows no
kubectl -n kube-system get cm coredns -o yaml > coredns.yaml
sed -i -e '/kubernetes cluster.local/,/}/d' -e "s/^    \.:53 {/    $zone:53 {\n        forward . 10.96.$b.$c\n    }\n    .:53 {/" coredns.yaml
kubectl replace -f coredns.yaml
kubectl -n kube-system rollout restart deployment coredns
