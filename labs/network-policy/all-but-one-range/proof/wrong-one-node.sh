# scores: 8 of 11
# fails: workers other-workers
# because workers: lets it out to 172.30.2.3/32
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $app-egress, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $app } }
  policyTypes: [Egress]
  egress:
    - to: [{ ipBlock: { cidr: 172.30.2.3/32 } }]
    - ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
YAML
