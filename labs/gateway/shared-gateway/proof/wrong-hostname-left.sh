# scores: 0 of 12
# fails: page data secret-data guests-out gateway-kept services-kept
# because page: 404
kubectl label ns "$ns" gateway.example.org/access=granted
kubectl apply -f - <<YAML
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: site, namespace: $data}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: $ns}]
  to: [{group: "", kind: Service, name: public-data}]
YAML
