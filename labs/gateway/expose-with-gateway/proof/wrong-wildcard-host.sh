# scores: 8 of 10
# fails: only-host
# because only-host: 200
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
  hostnames: ["*.${host#*.}"]
  rules:
    - matches:
        - path: {type: PathPrefix, value: /$api}
      backendRefs:
        - {name: $api, port: $port}
    - backendRefs:
        - {name: web, port: 80}
YAML
