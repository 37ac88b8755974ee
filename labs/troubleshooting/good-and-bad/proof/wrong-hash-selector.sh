# scores: 8 of 9
# fails: rollout
# because rollout: after kubectl rollout restart
h=$(kubectl -n $ns get rs -l app=$app -o jsonpath='{.items[0].metadata.labels.pod-template-hash}')
kubectl -n $ns patch svc $app -p "{\"spec\":{\"selector\":{\"pod-template-hash\":\"$h\"}}}"
kubectl -n $ns delete endpointslice $app-old
