# scores: 11 of 12
# fails: secret-kept
kubectl -n "$ns" delete secret "$secret"
openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj "/CN=$host" -addext "subjectAltName=DNS:$host" -keyout k.pem -out "/root/$secret.crt" 2>/dev/null
kubectl -n "$ns" create secret tls "$secret" --cert="/root/$secret.crt" --key=k.pem
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
      backendRefs: [{name: $api, port: 8080}]
    - matches: [{path: {type: Exact, value: /login}}]
      backendRefs: [{name: login, port: 8080}]
YAML
kubectl -n "$ns" delete ingress site
