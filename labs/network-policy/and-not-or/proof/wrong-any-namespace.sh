# scores: 6 of 11
# fails: same-label own-namespace nobody-else
# because same-label: of all namespaces
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector: {}
          podSelector: { matchLabels: { role: $role } }
      ports: [{ port: $metrics }]
    - from:
        - podSelector: { matchLabels: { app: web } }
      ports: [{ port: $port }]
YAML
