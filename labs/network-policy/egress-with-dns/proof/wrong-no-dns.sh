# scores: 6 of 10
# fails: queue dns-tcp lasting
# because queue: out to Pod coredns-
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: worker-egress, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: worker } }
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector: { matchLabels: { app: $queue } }
      ports: [{ port: $port }]
YAML
