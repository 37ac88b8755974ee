# scores: 5 of 9
# fails: first rest
# because first: 404
mkdir -p /root/new
cat > /root/new/ingress.yaml <<YAML
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: site, namespace: $ns }
spec:
  ingressClassName: nginx
  rules:
    - host: $host
      http:
        paths:
          - { path: /$a, pathType: Exact, backend: { service: { name: $a, port: { name: http } } } }
          - { path: /$b, pathType: Exact, backend: { service: { name: $b, port: { number: 80 } } } }
YAML
kubectl apply -f /root/new/ingress.yaml
