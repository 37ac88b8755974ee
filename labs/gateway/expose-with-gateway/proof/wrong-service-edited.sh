# scores: 9 of 10
# fails: services-kept
kubectl -n "$ns" patch svc "$api" --type=json -p '[{"op":"replace","path":"/spec/ports/0/port","value":80}]'
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
        - {name: $api, port: 80}
    - backendRefs:
        - {name: web, port: 80}
YAML
