# scores: 6 of 9
# fails: strangers other-namespaces
# because strangers: lets in 10.32.0.0/12
kubectl -n $ns patch networkpolicy store --type=json -p '[{"op":"add","path":"/spec/ingress/0/from/-","value":{"ipBlock":{"cidr":"10.32.0.0/12"}}}]'
