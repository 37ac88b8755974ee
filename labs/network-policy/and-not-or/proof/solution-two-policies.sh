kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector: { matchLabels: { app: web } }
      ports: [{ port: $port }]
YAML
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api-metrics, namespace: $ns }
spec:
  podSelector: { matchExpressions: [{ key: app, operator: In, values: [api] }] }
  ingress:
    - from:
        - namespaceSelector: { matchExpressions: [{ key: team, operator: In, values: [$team] }] }
          podSelector: { matchExpressions: [{ key: role, operator: In, values: [$role] }] }
      ports: [{ port: metrics }]
YAML
