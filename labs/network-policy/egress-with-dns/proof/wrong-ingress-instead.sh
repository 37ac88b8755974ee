# scores: 0 of 10
# fails: vault nodes queue dns-tcp dns-only queue-only others lasting
# because vault: no NetworkPolicy is for egress of Pod worker-0
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: worker-egress, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: worker } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector: { matchLabels: { app: $queue } }
YAML
