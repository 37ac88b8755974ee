# scores: 8 of 9
# fails: viewer
# because viewer: lets in 10.32.0.1/32
kubectl -n $ns patch networkpolicy store --type=json -p '[{"op":"replace","path":"/spec/ingress/0/from","value":[{"ipBlock":{"cidr":"10.32.0.1/32"}}]}]'
