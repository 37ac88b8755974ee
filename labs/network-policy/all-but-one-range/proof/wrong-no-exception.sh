# scores: 2 of 11
# fails: control-plane api workers names others other-workers names-tcp
# because control-plane: lets it out to 172.30.0.0/16
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $app-egress, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $app } }
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: { cidr: 172.30.0.0/16 }
    - ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
YAML
