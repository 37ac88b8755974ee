cat > policies.yaml <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: $ns }
spec: { podSelector: { matchExpressions: [] }, ingress: [] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-web, namespace: $ns }
spec:
  podSelector: { matchExpressions: [{ key: app, operator: In, values: [db] }] }
  ingress:
    - from:
        - podSelector: { matchExpressions: [{ key: app, operator: NotIn, values: [db, cache, report] }] }
          namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: $ns } }
      ports: [{ port: http, protocol: TCP }]
YAML
kubectl create -f policies.yaml
