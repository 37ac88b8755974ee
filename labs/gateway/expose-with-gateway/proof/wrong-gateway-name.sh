# scores: 0 of 10
# fails: api web segments only-host services-kept
# because api: there is no Service
# because api: and there is none; there is
kubectl apply -f - <<YAML
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: main, namespace: $ns}
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
    - backendRefs:
        - {name: web, port: 80}
YAML
