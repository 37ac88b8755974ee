# scores: 9 of 10
# fails: last
# because last: on TCP 7000
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $game, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $game } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { role: player } } }]
      ports: [{ port: 7000 }]
    - from: [{ podSelector: { matchLabels: { role: admin } } }]
      ports: [{ port: admin }]
YAML
