kubectl -n $ns patch svc manual --type=json -p '[{"op":"replace","path":"/spec/ports/0/port","value":8000}]'
kubectl -n $ns delete ingress manual
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: guide
  namespace: $ns
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /\$2
spec:
  ingressClassName: nginx
  rules:
    - host: $host
      http:
        paths:
          - path: /$path(/|$)(.*)
            pathType: ImplementationSpecific
            backend: { service: { name: manual, port: { number: 8000 } } }
YAML
