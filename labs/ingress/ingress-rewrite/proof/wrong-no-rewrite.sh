# scores: 0 of 9
# fails: root below query site ingress-kept
# because below: /v2/list"
cat > ingress.yaml <<'YAML'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: second
  annotations: {  }
spec:
  ingressClassName: nginx
  rules:
    - host: HOST
      http: { paths: [ { path: "/PREFIX", pathType: Prefix, backend: { service: { name: APP, port: { number: 80 } } } } ] }
YAML
sed -i "s/HOST/$host/; s/APP/$app/; s/PREFIX/$prefix/" ingress.yaml
kubectl -n "$ns" apply -f ingress.yaml
