# scores: 3 of 10
# fails: partner no-proxy
# because partner: nobody wrote endpoints for it
kubectl -n "$ns" create service externalname "$portal" --external-name www.example.com
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata: { name: $partner, namespace: $ns }
spec: { ports: [{ port: $port, targetPort: 22 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: $partner, namespace: $ns }
addressType: IPv4
ports: [{ port: 22 }]
endpoints: [{ addresses: ["$host"] }]
YAML
