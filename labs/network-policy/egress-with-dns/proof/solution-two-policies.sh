kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: worker-egress, namespace: $ns }
spec: { podSelector: { matchLabels: { app: worker } }, policyTypes: [ Egress ], egress: [ { to: [ { podSelector: { matchLabels: { app: $queue } } } ], ports: [ { port: $port } ] } ] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dns, namespace: $ns }
spec: { podSelector: { matchLabels: { app: worker } }, policyTypes: [ Egress ], egress: [ { to: [ { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchExpressions: [ { key: k8s-app, operator: In, values: [ kube-dns ] } ] } } ], ports: [ { port: 53, endPort: 53, protocol: UDP }, { port: dns-tcp, protocol: TCP } ] } ] }
YAML
