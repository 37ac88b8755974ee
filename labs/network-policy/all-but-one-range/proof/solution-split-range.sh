kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: $app-egress, namespace: $ns }
spec:
  podSelector: { matchExpressions: [ { key: app, operator: In, values: [ $app ] } ] }
  policyTypes: [ Egress ]
  egress:
    - to: [ { ipBlock: { cidr: 172.30.0.0/24 } }, { ipBlock: { cidr: 172.30.2.0/23 } }, { ipBlock: { cidr: 172.30.4.0/22 } }, { ipBlock: { cidr: 172.30.8.0/21 } }, { ipBlock: { cidr: 172.30.16.0/20 } }, { ipBlock: { cidr: 172.30.32.0/19 } }, { ipBlock: { cidr: 172.30.64.0/18 } }, { ipBlock: { cidr: 172.30.128.0/17 } } ]
    - to: [ { namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } } ]
      ports: [ { port: 53, protocol: UDP }, { port: 53, protocol: TCP } ]
YAML
