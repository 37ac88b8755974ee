# scores: 9 of 10
# fails: app-kept
# because app-kept: was edited: spec.template.spec.containers
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
      ports: [{ port: 8080 }]
YAML
kubectl -n $ns patch deployment $app --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/args/0","value":"-listen=:8080"}]'
kubectl -n $ns rollout status deployment $app
