# scores: 9 of 10
# fails: ingress-kept
# because ingress-kept: was edited
kubectl -n "$ns" patch deployment ingress-controller -p '{"spec":{"template":{"spec":{"containers":[{"name":"controller","env":[{"name":"POD_NAMESPACE","valueFrom":{"fieldRef":{"fieldPath":"metadata.namespace"}}}]}]}}}}'
kubectl -n "$ns" patch svc ingress --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":80}]'
kubectl create -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: mine }
spec: { controller: k8s.io/ingress-nginx }
YAML
kubectl -n "$apps" patch ingress "$app" -p '{"spec":{"ingressClassName":"mine"}}'
kubectl -n "$ns" rollout status deployment ingress-controller
