# scores: 13 of 14
# fails: front-out
# because front-out: no NetworkPolicy is for egress of Pod
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: $ns }
spec:
  podSelector: {}
  policyTypes: [Ingress]
YAML
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: front, namespace: $ns }
spec:
  podSelector: { matchLabels: { tier: front } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector: { matchExpressions: [{ key: kubernetes.io/metadata.name, operator: NotIn, values: [$ns] }] }
YAML
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: $ns }
spec:
  podSelector: { matchLabels: { tier: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { tier: front } } }]
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
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db-out, namespace: $ns }
spec:
  podSelector: { matchLabels: { tier: db } }
  policyTypes: [Egress]
YAML
