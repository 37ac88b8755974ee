kubectl -n $ns delete svc $api
kubectl -n $ns expose deployment $api --port=80 --target-port=http
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dns, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: front } }
  policyTypes: [Egress]
  egress: [{ ports: [{ port: 53, protocol: UDP }, { port: 53 }] }]
YAML
