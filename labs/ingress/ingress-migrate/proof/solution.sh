mkdir -p /root/new
cat > /root/new/ingress.yaml <<YAML
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: site, namespace: $ns }
spec:
  ingressClassName: nginx
  defaultBackend: { service: { name: home, port: { number: 80 } } }
  rules:
    - host: $host
      http:
        paths:
          - { path: /$a, pathType: Prefix, backend: { service: { name: $a, port: { name: http } } } }
          - { path: /$b, pathType: Prefix, backend: { service: { name: $b, port: { number: 80 } } } }
YAML
kubectl apply -f /root/new/ingress.yaml
