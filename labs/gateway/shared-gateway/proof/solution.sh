kubectl label ns "$ns" gateway.example.org/access=granted
kubectl -n "$ns" patch httproute "$site" --type merge -p "{\"spec\":{\"hostnames\":[\"$site.$domain\"]}}"
kubectl apply -f - <<YAML
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: site, namespace: $data}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: $ns}]
  to: [{group: "", kind: Service, name: public-data}]
YAML
