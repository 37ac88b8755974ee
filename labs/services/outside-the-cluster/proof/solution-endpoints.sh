kubectl -n "$ns" create service clusterip "$partner" --tcp="$port:22"
kubectl -n "$ns" set selector service "$partner" gone=soon
kubectl -n "$ns" patch service "$partner" --type=json -p '[{"op":"remove","path":"/spec/selector"},{"op":"remove","path":"/spec/ports/0/name"}]'
kubectl -n "$ns" delete endpoints "$partner"
kubectl apply -f - <<YAML
apiVersion: v1
kind: Endpoints
metadata: { name: $partner, namespace: $ns }
subsets:
  - addresses: [{ ip: $host }]
    ports: [{ port: 22 }]
---
apiVersion: v1
kind: Service
metadata: { name: $portal, namespace: $ns }
spec: { type: ExternalName, externalName: www.example.com. }
YAML
kubectl -n "$ns" get endpointslices
