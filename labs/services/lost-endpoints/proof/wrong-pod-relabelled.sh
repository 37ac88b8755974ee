# scores: 1 of 6
# fails: answers follows deployment-kept
# because deployment-kept: was edited: spec.replicas
kubectl -n "$ns" patch deployment cart --type merge -p '{"spec":{"replicas":3}}'
kubectl -n "$ns" label pods -l app=cart app=crat --overwrite
