# scores: 9 of 10
# fails: admin-new
# because admin-new: in to Pod
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
      ports: [{ port: $old }]
YAML
