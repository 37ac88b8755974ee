kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: front, namespace: $ns }
spec:
  ingressClassName: nginx
  rules:
    - host: $b.$domain
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: $b, port: { number: 80 } } } }
          - { path: /archive, pathType: Prefix, backend: { service: { name: $a, port: { number: 80 } } } }
    - host: $a.$domain
      http: { paths: [ { path: /, pathType: Prefix, backend: { service: { name: $a, port: { name: http } } } } ] }
    - http: { paths: [ { path: /, pathType: Prefix, backend: { service: { name: sorry, port: { name: http } } } } ] }
YAML
