# scores: 3 of 10
# fails: players-admin admin-tables first last admin-old admin-new
# because players-admin: on TCP 7000-7010 and TCP admin
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $game, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $game } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { role: player } } }, { podSelector: { matchLabels: { role: admin } } }]
      ports: [{ port: 7000, endPort: 7010 }, { port: admin }]
YAML
