# scores: 3 of 10
# fails: partner no-proxy
# because partner: has ports one without a name
kubectl -n "$ns" create service externalname "$portal" --external-name=www.example.com
kubectl -n "$ns" create service clusterip "$partner" --tcp="$port:22"
kubectl -n "$ns" patch service "$partner" --type=json -p '[{"op":"remove","path":"/spec/selector"}]'
kubectl apply -f - <<YAML
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: $partner-1
  namespace: $ns
  labels: { kubernetes.io/service-name: $partner }
addressType: IPv4
ports: [{ port: 22 }]
endpoints: [{ addresses: ["$host"] }]
YAML
