# scores: 11 of 14
# fails: strangers visitors
# because strangers: lets in all Pods of namespaces with kubernetes.io/metadata.name=street
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: $ns }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
          podSelector: { matchLabels: { k8s-app: kube-dns } }
      ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
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
    - from: [{ podSelector: { matchLabels: { tier: front } } }, { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: street } } }]
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
