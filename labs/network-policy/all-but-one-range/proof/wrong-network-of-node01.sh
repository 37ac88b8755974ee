# scores: 10 of 11
# fails: other-workers
# because other-workers: 172.30.3.2
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $app-egress, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $app } }
  policyTypes: [ Egress ]
  egress:
    - to: [ { ipBlock: { cidr: 172.30.2.0/24 } } ]
    - ports: [ { port: 53, protocol: UDP }, { port: 53, protocol: TCP } ]
YAML
