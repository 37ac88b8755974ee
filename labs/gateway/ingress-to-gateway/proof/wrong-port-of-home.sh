# scores: 10 of 12
# fails: api
kubectl apply -f - <<YAML
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: $gw, namespace: $ns}
spec:
  gatewayClassName: nginx
  listeners:
    - name: https
      protocol: HTTPS
      port: 443
      hostname: $host
      tls:
        mode: Terminate
        certificateRefs: [{kind: Secret, name: $secret}]
YAML
kubectl apply -f - <<YAML
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: $route, namespace: $ns}
spec:
  parentRefs: [{name: $gw}]
  hostnames: [$host]
  rules:
    - matches: [{path: {type: PathPrefix, value: /}}]
      backendRefs: [{name: home, port: 80}]
    - matches: [{path: {type: PathPrefix, value: /$api}}]
      backendRefs: [{name: $api, port: 80}]
    - matches: [{path: {type: Exact, value: /login}}]
      backendRefs: [{name: login, port: 8080}]
YAML
kubectl -n "$ns" delete ingress site
