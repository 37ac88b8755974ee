# scores: 9 of 11
# fails: names names-tcp
# because names: lets it out to 172.30.0.0/16 without 172.30.1.0/24
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
YAML
