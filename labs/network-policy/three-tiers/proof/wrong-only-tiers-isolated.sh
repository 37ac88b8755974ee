# scores: 13 of 14
# fails: front-out
# because front-out: batch
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: front, namespace: $ns }
spec: { podSelector: { matchLabels: { tier: front } }, policyTypes: [ Ingress, Egress ], ingress: [ { from: [ { namespaceSelector: { matchExpressions: [ { key: kubernetes.io/metadata.name, operator: NotIn, values: [ $ns ] } ] } } ] } ], egress: [ { to: [ { podSelector: { matchLabels: { tier: api } } } ] }, { to: [ { namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } } ], ports: [ { port: 53, protocol: UDP }, { port: 53 } ] } ] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: $ns }
spec: { podSelector: { matchLabels: { tier: api } }, policyTypes: [ Ingress, Egress ], ingress: [ { from: [ { podSelector: { matchLabels: { tier: front } } } ] } ], egress: [ { to: [ { podSelector: { matchLabels: { tier: db } } } ] }, { to: [ { namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } } ], ports: [ { port: 53, protocol: UDP }, { port: 53 } ] } ] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: $ns }
spec: { podSelector: { matchLabels: { tier: db } }, policyTypes: [ Ingress, Egress ], ingress: [ { from: [ { podSelector: { matchLabels: { tier: api } } } ] } ], egress: [ { to: [ { namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } } ], ports: [ { port: 53, protocol: UDP }, { port: 53 } ] } ] }
YAML
