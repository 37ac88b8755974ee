kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shops, namespace: $ns }
spec:
  ingressClassName: nginx
  rules:
    - http:
        paths:
          - { path: /$a, pathType: Prefix, backend: { service: { name: $a-service, port: { name: http } } } }
          - { path: /$b, pathType: ImplementationSpecific, backend: { service: { name: $b-service, port: { number: $pb } } } }
YAML
