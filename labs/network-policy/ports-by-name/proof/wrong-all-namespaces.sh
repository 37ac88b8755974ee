# scores: 9 of 10
# fails: own-namespace
# because own-namespace: player of fair
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $game, namespace: $ns }
spec: { podSelector: { matchLabels: { app: $game } }, ingress: [ { from: [ { namespaceSelector: {}, podSelector: { matchLabels: { role: player } } } ], ports: [ { port: 7000, endPort: 7010 } ] }, { from: [ { namespaceSelector: {}, podSelector: { matchLabels: { role: admin } } } ], ports: [ { port: admin } ] } ] }
YAML
