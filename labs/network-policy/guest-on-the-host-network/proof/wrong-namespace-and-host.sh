# scores: 8 of 9
# fails: other-namespaces
# because other-namespaces: of all namespaces
kubectl -n $ns patch networkpolicy store --type=json -p '[{"op":"add","path":"/spec/ingress/0/from/-","value":{"ipBlock":{"cidr":"10.32.0.1/32"}}}]'
kubectl -n $ns patch networkpolicy store --type=json -p '[{"op":"add","path":"/spec/ingress/0/from/-","value":{"namespaceSelector":{},"podSelector":{"matchLabels":{"app":"'$agent'"}}}}]'
