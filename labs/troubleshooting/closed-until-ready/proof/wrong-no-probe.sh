# scores: 5 of 7
# fails: probe
# because probe: nothing
kubectl -n $ns patch deployment $app --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/readinessProbe"}]'
kubectl -n $ns rollout status deployment $app
kubectl -n $ns patch svc $app -p '{"spec":{"ports":[{"port":80,"targetPort":"http"}]}}'
