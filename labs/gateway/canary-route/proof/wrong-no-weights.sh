# scores: 3 of 10
# fails: shares only-on gateway-kept apps-kept
# because shares: exit
kubectl -n "$ns" patch httproute "$app" --type merge -p "{\"spec\":{\"rules\":[{\"matches\":[{\"headers\":[{\"name\":\"$header\",\"value\":\"on\"}]}],\"backendRefs\":[{\"name\":\"$app-v2\",\"port\":80}]},{\"backendRefs\":[{\"name\":\"$app-v1\",\"port\":80},{\"name\":\"$app-v2\",\"port\":80}]}]}}"
