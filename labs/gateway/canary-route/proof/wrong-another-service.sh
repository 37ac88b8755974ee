# scores: 9 of 10
# fails: apps-kept
kubectl -n "$ns" expose deployment "$app-v2" --name=preview --port=80 --target-port=5678
kubectl -n "$ns" patch httproute "$app" --type merge -p "{\"spec\":{\"rules\":[{\"matches\":[{\"headers\":[{\"name\":\"$header\",\"value\":\"on\"}]}],\"backendRefs\":[{\"name\":\"preview\",\"port\":80}]},{\"backendRefs\":[{\"name\":\"$app-v1\",\"port\":80,\"weight\":70},{\"name\":\"$app-v2\",\"port\":80,\"weight\":30}]}]}}"
