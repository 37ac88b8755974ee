kubectl -n $ns delete networkpolicy catalog
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: readers-only, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: catalog } }
  ingress:
    - from: [{ podSelector: { matchExpressions: [{ key: role, operator: NotIn, values: [cleaner] }, { key: role, operator: Exists }] } }]
      ports: [{ port: $port }]
YAML
