kubectl -n $ns patch deployment $app --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/ports/0/name","value":"web"},{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe","value":{"tcpSocket":{"port":'$port'},"periodSeconds":5}}]'
kubectl -n $ns rollout status deployment $app
