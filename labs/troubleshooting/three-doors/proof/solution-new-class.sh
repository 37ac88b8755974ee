cat <<X | kubectl apply -f -
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: ngnix}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: controller, namespace: $ns}
spec:
  podSelector: {matchLabels: {app: $app}}
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}
      podSelector: {matchLabels: {app.kubernetes.io/name: ingress-nginx}}
X
kubectl -n $ns patch svc $app --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":"web"}]'
sleep 5
