# scores: 10 of 11
# fails: outside
# because outside: 0.0.0.0/0
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $app-egress, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $app } }
  policyTypes: [ Egress ]
  egress:
    - to: [ { ipBlock: { cidr: 0.0.0.0/0, except: [ 172.30.1.0/24, 10.0.0.0/8 ] } } ]
    - ports: [ { port: 53, protocol: UDP }, { port: 53, protocol: TCP } ]
YAML
