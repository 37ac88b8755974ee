kubectl -n "$ns" patch httproute "$app" --type merge -p "{\"spec\":{\"rules\":[{\"backendRefs\":[{\"name\":\"$app-v1\",\"port\":80,\"weight\":7},{\"name\":\"$app-v2\",\"port\":80,\"weight\":3}]}]}}"
kubectl apply -f - <<YAML
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: preview, namespace: $ns}
spec:
  parentRefs: [{name: $gw}]
  hostnames: [$app.example.com]
  rules:
    - matches:
        - path: {type: PathPrefix, value: /}
          headers: [{name: $header, value: "on"}]
      backendRefs: [{name: $app-v2, port: 80}]
YAML
