# scores: 9 of 10
# fails: outside
# because outside: NodePort
kubectl -n $ns patch ingress site -p '{"spec":{"ingressClassName":"nginx"}}'
kubectl -n $ns patch svc $app --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":"web"}]'
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: from-ingress, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $app } }
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } }
          podSelector: { matchLabels: { app.kubernetes.io/component: controller } }
      ports: [{ port: $port }]
YAML
kubectl -n $ns patch svc $app -p '{"spec":{"type":"NodePort"}}'
