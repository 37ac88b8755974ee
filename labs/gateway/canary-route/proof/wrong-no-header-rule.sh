# scores: 7 of 10
# fails: preview
kubectl -n "$ns" patch httproute "$app" --type merge -p "{\"spec\":{\"rules\":[{\"backendRefs\":[{\"name\":\"$app-v1\",\"port\":80,\"weight\":70},{\"name\":\"$app-v2\",\"port\":80,\"weight\":30}]}]}}"
