# scores: 9 of 10
# fails: neighbours
# because neighbours: NetworkPolicy closed lets Pod ingress-nginx-controller-
kubectl -n $ns patch ingress site -p '{"spec":{"ingressClassName":"nginx"}}'
kubectl -n $ns patch svc $app --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":"web"}]'
kubectl -n $ns patch networkpolicy closed --type=json -p '[{"op":"add","path":"/spec/ingress/0/from/-","value":{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"ingress-nginx"}}}}]'
