# scores: 5 of 14
# fails: front-db backwards front-api api-db db-out
# because front-db: lets in Pods with tier of namespace
# because backwards: lets in Pods with tier of namespace
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: tiers, namespace: $ns }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ podSelector: { matchExpressions: [{ key: tier, operator: Exists }] } }]
  egress:
    - to: [{ podSelector: { matchExpressions: [{ key: tier, operator: Exists }] } }]
    - ports: [{ port: 53, protocol: UDP }, { port: 53 }]
YAML
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: front, namespace: $ns }
spec:
  podSelector: { matchLabels: { tier: front } }
  ingress:
    - from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: street } } }]
YAML
