# scores: 9 of 10
# fails: gateway-kept
kubectl -n "$ns" patch httproute "$app" --type merge -p "{\"spec\":{\"rules\":[{\"matches\":[{\"headers\":[{\"name\":\"$header\",\"value\":\"on\"}]}],\"backendRefs\":[{\"name\":\"$app-v2\",\"port\":80}]},{\"backendRefs\":[{\"name\":\"$app-v1\",\"port\":80,\"weight\":70},{\"name\":\"$app-v2\",\"port\":80,\"weight\":30}]}]}}"
kubectl -n "$ns" patch gateway "$gw" --type=json -p '[{"op":"remove","path":"/spec/listeners/0/hostname"}]'
