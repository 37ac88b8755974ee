# scores: 6 of 8
# fails: still-closed
# because still-closed: Pod ledger-
kubectl -n $ns patch svc $api --type=json -p '[{"op":"remove","path":"/spec/selector/release"}]'
kubectl -n $ns delete networkpolicy front-egress
