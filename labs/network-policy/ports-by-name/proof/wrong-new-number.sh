# scores: 8 of 10
# fails: admin-old admin-number
# because admin-old: on TCP
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $game, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $game } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { role: player } } }]
      ports: [{ port: 7000, endPort: 7010 }]
    - from: [{ podSelector: { matchLabels: { role: admin } } }]
      ports: [{ port: $new }]
YAML
