# scores: 6 of 9
# fails: web web-no-more
# because web: in to Pod db-
# because web: default-deny lets in nobody
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: $ns
spec:
  podSelector: {}
  policyTypes: [Ingress]
YAML
