# scores: 8 of 9
# fails: lasting
# because lasting: choose Pods by their labels
cidrs=$(kubectl -n $ns get pods -l role=$client -o jsonpath='{range .items[*]}{"- ipBlock: { cidr: "}{.status.podIP}{"/32 }\n        "}{end}')
kubectl replace -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: catalog, namespace: $ns }
spec:
  podSelector: { matchLabels: { app: catalog } }
  ingress:
    - from:
        $cidrs
      ports: [{ port: $port }]
YAML
