kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: catalog-too, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: catalog } }
  ingress:
    - from: [{ podSelector: { matchLabels: { role: $client } } }]
      ports: [{ port: $port }]
YAML
