# scores: 0 of 9
# fails: agent viewer strangers other-namespaces agent-kept
# because agent: no NetworkPolicy lets 10.32.0.1 in to Pod store-
kubectl -n $ns patch networkpolicy store --type=json -p '[{"op":"add","path":"/spec/ingress/0/from/-","value":{"ipBlock":{"cidr":"172.30.1.2/32"}}}]'
