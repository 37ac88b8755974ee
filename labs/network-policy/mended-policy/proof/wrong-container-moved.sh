# scores: 8 of 9
# fails: pods-kept
# because pods-kept: was edited: spec.template.spec.containers
kubectl -n $ns patch networkpolicy catalog --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/ingress/0/from/0/podSelector/matchLabels/role\",\"value\":\"$client\"},{\"op\":\"replace\",\"path\":\"/spec/ingress/0/ports/0/port\",\"value\":9080}]"
kubectl -n $ns patch deployment catalog --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/args/0","value":"-listen=:9080"}]'
kubectl -n $ns patch svc catalog --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":9080}]'
kubectl -n $ns rollout status deployment catalog
