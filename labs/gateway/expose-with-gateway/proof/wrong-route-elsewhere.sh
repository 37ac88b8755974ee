# scores: 0 of 10
# fails: api web segments only-host services-kept
# because api: HTTPRoute default/shop is, but the Gateway does not take it: Route is not allowed by any listener
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
metadata: {name: shop, namespace: default}
spec:
  parentRefs:
    - {name: $gw, namespace: $ns}
  hostnames: [$host]
  rules:
    - matches:
        - path: {type: PathPrefix, value: /$api}
      backendRefs:
        - {name: $api, port: $port}
    - backendRefs:
        - {name: web, port: 80}
YAML
