# scores: 5 of 6
# fails: follows
# because follows: it needs a selector
kubectl -n "$ns" patch svc cart --type merge -p "{\"spec\":{\"selector\":null,\"ports\":[{\"name\":\"http\",\"port\":80,\"targetPort\":$port}]}}"
addresses=$(kubectl -n "$ns" get pods -l app=cart -o jsonpath='{range .items[*]}{"  - addresses: ["}{.status.podIP}{"]\n"}{end}')
kubectl apply -f - <<YAML
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: cart-by-hand, namespace: $ns, labels: {kubernetes.io/service-name: cart}}
addressType: IPv4
ports: [{name: http, port: $port, protocol: TCP}]
endpoints:
$addresses
YAML
