kubectl apply -f - <<YAML
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: site, namespace: $data}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: $ns}]
  to: [{group: "", kind: Service, name: public-data}]
YAML
kubectl label ns "$ns" gateway.example.org/acces- gateway.example.org/access=granted
kubectl -n "$ns" get httproute "$site" -o yaml | sed "s/$site\.app\.example\.org/$site.$domain/" > route.yaml
kubectl -n "$ns" delete httproute "$site"
kubectl apply -f route.yaml
