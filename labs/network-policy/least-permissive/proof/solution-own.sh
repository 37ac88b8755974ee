kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: just-this, namespace: $back }
spec:
  podSelector: { matchLabels: { app: $back } }
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: $front } }
          podSelector: { matchLabels: { app: $front } }
      ports: [{ port: http }]
YAML
