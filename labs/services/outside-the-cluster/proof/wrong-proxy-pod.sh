# scores: 9 of 10
# fails: no-proxy
# because no-proxy: 3:
kubectl -n "$ns" create service externalname "$portal" --external-name www.example.com
kubectl -n "$ns" run "$partner" --image=nicolaka/netshoot --labels=app=$partner --command -- sh -c "sleep infinity"
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata: { name: $partner, namespace: $ns }
spec: { ports: [{ port: $port, targetPort: 22 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: $partner-x, namespace: $ns, labels: { kubernetes.io/service-name: $partner } }
addressType: IPv4
ports: [{ port: 22 }]
endpoints: [{ addresses: ["$host"] }]
YAML
