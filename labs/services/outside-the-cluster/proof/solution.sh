kubectl -n "$ns" create service externalname "$portal" --external-name www.example.com
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata:
  name: $partner
  namespace: $ns
spec:
  ports:
    - name: sftp
      port: $port
      targetPort: 22
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: $partner-1
  namespace: $ns
  labels:
    kubernetes.io/service-name: $partner
addressType: IPv4
ports:
  - name: sftp
    protocol: TCP
    port: 22
endpoints:
  - addresses: ["$host"]
YAML
