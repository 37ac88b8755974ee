# scores: 3 of 11
# fails: same-namespace own-namespace scraper users nobody-else
# because same-namespace: lets in all Pods of namespaces with team=
# because own-namespace: lets in Pods with role=
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { team: $team } }
        - podSelector: { matchLabels: { role: $role } }
      ports: [{ port: $metrics }]
    - from:
        - podSelector: { matchLabels: { app: web } }
      ports: [{ port: $port }]
YAML
