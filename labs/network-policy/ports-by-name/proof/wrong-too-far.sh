# scores: 7 of 10
# fails: above first last
# because above: lets in Pods with role=player
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $game, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $game } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { role: player } } }]
      ports: [{ port: 7000, endPort: 7019 }]
    - from: [{ podSelector: { matchLabels: { role: admin } } }]
      ports: [{ port: admin }]
YAML
