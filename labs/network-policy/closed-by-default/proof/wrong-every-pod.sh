# scores: 8 of 9
# fails: web-no-more
# because web-no-more: the cache
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: $ns }
spec: { podSelector: {}, policyTypes: [ Ingress ] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-web, namespace: $ns }
spec: { podSelector: {}, ingress: [ { from: [ { podSelector: { matchLabels: { app: web } } } ], ports: [ { port: $port } ] } ] }
YAML
