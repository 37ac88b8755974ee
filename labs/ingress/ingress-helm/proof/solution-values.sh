cat > values.yaml <<YAML
controller:
  replicaCount: 2
  ingressClassResource: { name: $edge, default: true }
  service: { type: NodePort, nodePorts: { http: $nodePort } }
YAML
helm upgrade --install "$edge" ingress-nginx --repo https://kubernetes.github.io/ingress-nginx -n "$edge" --create-namespace -f values.yaml --wait
kubectl -n "$ns" create ingress "$app" --rule="$host/*=$app:80"
