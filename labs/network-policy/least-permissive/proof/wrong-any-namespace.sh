# scores: 10 of 11
# fails: sandbox
# because sandbox: of all namespaces
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: own, namespace: $back }
spec:
  podSelector: { matchLabels: { app: $back } }
  ingress:
    - from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: $front } } }]
      ports: [{ port: $port }]
YAML
