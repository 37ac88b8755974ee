# scores: 9 of 10
# fails: pods-kept
# because pods-kept: was deleted and made anew
kubectl -n "$ns" get pod visitor-a -o json | jq '.spec.nodeName="controlplane" | del(.metadata.uid, .metadata.resourceVersion, .status)' > pod.json
kubectl -n "$ns" delete pod visitor-a --now
kubectl create -f pod.json
kubectl -n "$ns" wait --for=condition=Ready pod/visitor-a
