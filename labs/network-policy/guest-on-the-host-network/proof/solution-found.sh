source=$(ip route get "$(kubectl -n $ns get pod -l app=store -o jsonpath='{.items[0].status.podIP}')" | sed -n 's/.* src \([0-9.]*\).*/\1/p')
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: host-of-the-agent, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: store } }
  ingress:
    - from: [{ ipBlock: { cidr: $source/32 } }]
      ports: [{ port: $port }]
YAML
