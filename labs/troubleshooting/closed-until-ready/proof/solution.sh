kubectl -n $ns patch deployment $app --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe/httpGet/port","value":"http"}]'
kubectl -n $ns rollout status deployment $app
kubectl -n $ns patch svc $app -p '{"spec":{"ports":[{"port":80,"targetPort":"http"}]}}'
