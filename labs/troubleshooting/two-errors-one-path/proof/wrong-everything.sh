# scores: 7 of 8
# fails: default
# because default: 200 from Pod ingress-nginx-controller
kubectl -n $ns delete ingress manual
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: site
  namespace: $ns
  annotations:
    nginx.ingress.kubernetes.io/use-regex: "true"
    nginx.ingress.kubernetes.io/rewrite-target: /
spec:
  ingressClassName: nginx
  rules:
    - host: $host
      http:
        paths:
          - path: /.*
            pathType: ImplementationSpecific
            backend: { service: { name: manual, port: { number: 8080 } } }
YAML
