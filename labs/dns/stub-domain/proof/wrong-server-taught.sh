# scores: 8 of 9
# fails: server-kept
# because server-kept: was edited
kubectl -n "$ns" get cm names -o yaml | sed "s/^    $zone:53 {/    .:53 {\n        forward . 1.1.1.1\n    }\n    cluster.local:53 {\n        forward . 10.96.0.10\n    }\n    $zone:53 {/" | kubectl replace -f -
kubectl -n "$ns" rollout restart deployment names
KUBE_EDITOR="sed -i 's,^        forward .*,        forward $zone 10.96.$b.$c\n&,'" kubectl -n kube-system edit configmap coredns
kubectl -n kube-system rollout restart deployment coredns
