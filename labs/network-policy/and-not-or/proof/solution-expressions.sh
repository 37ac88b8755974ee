kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: api } }
  ingress:
    - from: [ { podSelector: { matchExpressions: [ { key: role, operator: In, values: [ $role ] } ] }, namespaceSelector: { matchExpressions: [ { key: team, operator: In, values: [ $team ] } ] } } ]
      ports: [ { port: $metrics } ]
    - from: [ { podSelector: { matchLabels: { app: web } } } ]
      ports: [ { port: $port, endPort: $port } ]
YAML
