# scores: 3 of 10
# fails: web segments only-host services-kept
# because web: 404
kubectl apply -f - <<YAML
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: $gw, namespace: $ns}
spec:
  gatewayClassName: nginx
  listeners:
    - {name: http, protocol: HTTP, port: 80}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: $ns}
spec:
  parentRefs:
    - name: $gw
  hostnames: [$host]
  rules:
    - matches:
        - path: {type: PathPrefix, value: /$api}
      backendRefs:
        - {name: $api, port: $port}
YAML
