# scores: 3 of 10
# fails: partner no-proxy
kubectl -n "$ns" create service externalname "$portal" --external-name www.example.com
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata: { name: $partner, namespace: $ns }
spec: { ports: [{ port: $port, targetPort: 22 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: $partner, namespace: $ns, labels: { kubernetes.io/service-name: $partner } }
addressType: IPv4
ports: [{ name: "", port: $port }]
endpoints: [{ addresses: ["$host"] }]
YAML
