kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $game, namespace: $ns }
spec: { podSelector: { matchExpressions: [ { key: app, operator: In, values: [ $game ] }, { key: version, operator: Exists } ] }, ingress: [ { from: [ { podSelector: { matchLabels: { role: player } } } ], ports: [ { port: 7000, endPort: 7005 }, { port: 7006, endPort: 7010 } ] } ] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $game-adm, namespace: $ns }
spec: { podSelector: { matchLabels: { app: $game } }, ingress: [ { from: [ { podSelector: { matchLabels: { role: admin } } } ], ports: [ { port: admin } ] } ] }
YAML
