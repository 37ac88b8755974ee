kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $game, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $game } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { role: player } } }]
      ports: [{ port: 7000 }, { port: 7001 }, { port: 7002 }, { port: 7003 }, { port: 7004 }, { port: 7005 }, { port: 7006 }, { port: 7007 }, { port: 7008 }, { port: 7009 }, { port: 7010 }]
YAML
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: console, namespace: $ns }
spec:
  podSelector: { matchExpressions: [{ key: version, operator: In, values: [v1, v2] }] }
  ingress:
    - from: [{ podSelector: { matchLabels: { role: admin } } }]
      ports: [{ port: admin, protocol: TCP }]
YAML
