# scores: 10 of 11
# fails: other-port
# because other-port: its ingress rule 1 lets in Pods with role=
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
    - from:
        - podSelector: { matchLabels: { app: web } }
      ports: [{ port: $port }]
YAML
