# scores: 10 of 11
# fails: api
# because api: on TCP 6443
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $app-egress, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $app } }
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: { cidr: 172.30.0.0/16, except: [172.30.1.0/24] }
    - ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
    - to: [{ ipBlock: { cidr: 172.30.1.2/32 } }]
      ports: [{ port: 6443 }]
YAML
