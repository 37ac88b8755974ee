# scores: 10 of 11
# fails: users
# because users: in to Pod api-
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { team: $team } }
          podSelector: { matchLabels: { role: $role } }
      ports: [{ port: $metrics }]
YAML
