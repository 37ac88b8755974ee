# scores: 1 of 8
# fails: answers resolves still-closed deployment-kept
# because answers: front-egress lets it out to Pods with app=
kubectl -n $ns patch svc $api --type=json -p '[{"op":"remove","path":"/spec/selector/release"}]'
