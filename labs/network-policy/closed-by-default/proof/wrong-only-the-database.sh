# scores: 6 of 9
# fails: all-pods web-no-more
# because all-pods: no NetworkPolicy is for ingress of Pod cache-
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-web
  namespace: $ns
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: web
      ports:
        - port: $port
YAML
