kubectl label namespace street public=yes
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
        - namespaceSelector: { matchExpressions: [{ key: public, operator: Exists }] }
  egress:
    - to: [{ podSelector: { matchLabels: { tier: api } } }]
      ports: [{ port: web }]
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
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: names, namespace: $ns }
spec:
  podSelector: { matchExpressions: [{ key: tier, operator: Exists }] }
  policyTypes: [Egress]
  egress: [{ ports: [{ port: 53, protocol: UDP }, { port: 53 }] }]
YAML
