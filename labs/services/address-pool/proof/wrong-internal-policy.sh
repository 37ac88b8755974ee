# scores: 9 of 10
# fails: inside
kubectl apply -f - <<YAML
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: { name: reserved, namespace: metallb-system }
spec: { addresses: [172.30.2.200-172.30.2.219] }
YAML
kubectl apply -f - <<YAML
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: { name: reserved, namespace: metallb-system }

YAML
kubectl -n "$ns" delete service "$app"
kubectl -n "$ns" expose deployment "$app" --name=web --port=80 --target-port=5678
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata: { name: $app, namespace: $ns, annotations: { metallb.io/loadBalancerIPs: 172.30.2.$wanted } }
spec: { type: LoadBalancer, externalTrafficPolicy: Cluster, internalTrafficPolicy: Local, selector: { app: $app }, ports: [{ name: http, port: 8080, targetPort: 5678 }, { name: web, port: 80, targetPort: 5678 }] }
YAML
kubectl -n "$ns" patch deployment "$app" -p '{"spec":{"template":{"spec":{"nodeName":"controlplane"}}}}'
