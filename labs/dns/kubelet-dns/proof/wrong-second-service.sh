# scores: 7 of 8
# fails: services-kept
# because services-kept: dns-two is new
kubectl apply -f - <<YAML
apiVersion: v1
kind: Service
metadata: { name: dns-two, namespace: kube-system }
spec: { clusterIP: 10.96.0.$last, selector: { k8s-app: kube-dns }, ports: [ { name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53 } ] }
YAML
