# scores: 5 of 11
# fails: own-namespace scraper users nobody-else
# because scraper: lets in Pods with role=
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector: { matchLabels: { role: $role } }
      ports: [{ port: $metrics }]
    - from:
        - podSelector: { matchLabels: { app: web } }
      ports: [{ port: $port }]
YAML
