# scores: 0 of 10
# fails: page closed neighbours app-kept outside
# because page: 502
kubectl -n $ns patch ingress site -p '{"spec":{"ingressClassName":"nginx"}}'
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
YAML
