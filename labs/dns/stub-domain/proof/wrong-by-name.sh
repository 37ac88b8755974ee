# scores: 0 of 9
# fails: git wiki lasting services internet server-kept
# because git: knows no git.
kubectl -n kube-system get cm coredns -o yaml > coredns.yaml
sed -i "s/^    \.:53 {/    $zone:53 {\n        forward . names.$ns.svc.cluster.local\n    }\n    .:53 {/" coredns.yaml
kubectl replace -f coredns.yaml
sleep 150
