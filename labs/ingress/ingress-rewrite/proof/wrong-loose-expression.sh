# scores: 7 of 9
# fails: site
# because site: gets /docs/start.html"
cat > ingress.yaml <<'YAML'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: second
  annotations: { nginx.ingress.kubernetes.io/rewrite-target: /$1, nginx.ingress.kubernetes.io/use-regex: "true" }
spec:
  ingressClassName: nginx
  rules:
    - host: HOST
      http: { paths: [ { path: "/PREFIX/?(.*)", pathType: ImplementationSpecific, backend: { service: { name: APP, port: { number: 80 } } } } ] }
YAML
sed -i "s/HOST/$host/; s/APP/$app/; s/PREFIX/$prefix/" ingress.yaml
kubectl -n "$ns" apply -f ingress.yaml
