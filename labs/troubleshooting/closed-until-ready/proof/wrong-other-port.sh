# scores: 6 of 7
# fails: service-port
# because service-port: nothing listens on port
kubectl -n $ns patch deployment $app --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/args/0","value":"-listen=:9000"},{"op":"replace","path":"/spec/template/spec/containers/0/ports/0","value":{"name":"web","containerPort":9000}},{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe/httpGet/port","value":9000}]'
kubectl -n $ns rollout status deployment $app
