kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $app-egress, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $app } }
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: { cidr: 172.30.0.0/16, except: [172.30.1.0/24] }
YAML
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $app-dns, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $app } }
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: {}
          podSelector: { matchLabels: { k8s-app: kube-dns } }
      ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
YAML
