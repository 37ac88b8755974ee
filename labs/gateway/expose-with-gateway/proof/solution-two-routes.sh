kubectl apply -f - <<YAML
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: $gw, namespace: $ns}
spec:
  gatewayClassName: nginx
  listeners:
    - {name: http, protocol: HTTP, port: 80, hostname: $host}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: $ns}
spec:
  parentRefs:
    - name: $gw

  rules:
    - backendRefs:
        - {name: web, port: 80}
YAML
kubectl apply -f - <<YAML
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: api, namespace: $ns}
spec:
  parentRefs:
    - {name: $gw, sectionName: http}
  rules:
    - matches:
        - path: {type: Exact, value: /$api}
        - path: {type: PathPrefix, value: /$api/}
      backendRefs:
        - {name: $api, port: $port}
YAML
