# scores: 10 of 14
# fails: front-api api-db
# because front-api: out to Pod coredns-
# because api-db: closed lets it out to nowhere
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: $ns }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
YAML
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: front, namespace: $ns }
spec:
  podSelector: { matchLabels: { tier: front } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: { matchExpressions: [{ key: kubernetes.io/metadata.name, operator: NotIn, values: [$ns] }] }
  egress:
    - to: [{ podSelector: { matchLabels: { tier: api } } }]
YAML
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: $ns }
spec:
  podSelector: { matchLabels: { tier: api } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ podSelector: { matchLabels: { tier: front } } }]
  egress:
    - to: [{ podSelector: { matchLabels: { tier: db } } }]
YAML
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: $ns }
spec:
  podSelector: { matchLabels: { tier: db } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { tier: api } } }]
YAML
