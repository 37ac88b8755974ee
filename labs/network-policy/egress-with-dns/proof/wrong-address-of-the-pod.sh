# scores: 9 of 10
# fails: lasting
# because lasting: is not reached
ips=$(kubectl -n $ns get pods -l app=$queue -o jsonpath='{.items[0].status.podIP}')
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: worker-egress, namespace: $ns }
spec: { podSelector: { matchLabels: { app: worker } }, policyTypes: [ Egress ], egress: [ { to: [ { ipBlock: { cidr: $ips/32 } } ], ports: [ { port: $port } ] }, { to: [ { namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } } ], ports: [ { port: 53, protocol: UDP }, { port: 53, protocol: TCP } ] } ] }
YAML
