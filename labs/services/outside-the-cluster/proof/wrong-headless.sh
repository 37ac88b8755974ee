# scores: 0 of 10
# fails: alias alias-in-use partner no-proxy
# because partner: connection refused
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata: { name: $portal, namespace: $ns }
spec: { type: ExternalName, externalName: http://www.example.com }
---
apiVersion: v1
kind: Service
metadata: { name: $partner, namespace: $ns }
spec: { clusterIP: None, ports: [{ port: 22 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: $partner, namespace: $ns, labels: { kubernetes.io/service-name: $partner } }
addressType: IPv4
ports: [{ port: 22 }]
endpoints: [{ addresses: ["$host"] }]
YAML
