kubectl -n $ns patch networkpolicy store --type=json -p '[{"op":"add","path":"/spec/ingress/0/from/-","value":{"ipBlock":{"cidr":"10.32.0.1/32"}}}]'
