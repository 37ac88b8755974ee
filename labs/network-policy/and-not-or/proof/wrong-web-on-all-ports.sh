# scores: 9 of 11
# fails: nobody-else
# because nobody-else: metrics (open
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: api } }
  ingress:
    - from: [ { podSelector: { matchLabels: { role: $role } }, namespaceSelector: { matchLabels: { team: $team } } } ]
      ports: [ { port: $metrics } ]
    - from: [ { podSelector: { matchLabels: { app: web } } } ]
YAML
