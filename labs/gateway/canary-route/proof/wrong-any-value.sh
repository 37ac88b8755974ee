# scores: 9 of 10
# fails: only-on
kubectl -n "$ns" patch httproute "$app" --type merge -p "{\"spec\":{\"rules\":[{\"matches\":[{\"headers\":[{\"name\":\"$header\",\"type\":\"RegularExpression\",\"value\":\".*\"}]}],\"backendRefs\":[{\"name\":\"$app-v2\",\"port\":80}]},{\"backendRefs\":[{\"name\":\"$app-v1\",\"port\":80,\"weight\":70},{\"name\":\"$app-v2\",\"port\":80,\"weight\":30}]}]}}"
