# scores: 0 of 7
# fails: answers ready probe service-port
# because answers: targetPort web is the name of no port of Pod
kubectl -n $ns patch deployment $app --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe/httpGet/port","value":"http"}]'
kubectl -n $ns rollout status deployment $app
