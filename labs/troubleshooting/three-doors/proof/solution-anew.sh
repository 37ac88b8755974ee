kubectl -n $ns delete ingress site
kubectl -n $ns create ingress site --class=nginx --rule="$host/*=$app:80"
kubectl -n $ns delete svc $app
kubectl -n $ns expose deployment $app --port=80 --target-port=$port
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: from-ingress, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: $app } }
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } }
      ports: [{ port: web }]
YAML
