# scores: 10 of 11
# fails: names-tcp
# because names-tcp: on TCP port 53
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $app-egress, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $app } }
  policyTypes: [ Egress ]
  egress:
    - to: [ { ipBlock: { cidr: 172.30.0.0/16, except: [ 172.30.1.0/24 ] } } ]
    - ports: [ { port: 53, protocol: UDP } ]
YAML
