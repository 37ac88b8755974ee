# scores: 9 of 10
# fails: first
# because first: on TCP 7001-7010
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $game, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $game } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { role: player } } }]
      ports: [{ port: 7001, endPort: 7010 }]
    - from: [{ podSelector: { matchLabels: { role: admin } } }]
      ports: [{ port: admin }]
YAML
