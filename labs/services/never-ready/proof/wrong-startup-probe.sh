# scores: 7 of 10
# fails: probe-works
# because probe-works: does not answer, and the Service sends to it
kubectl -n "$ns" patch deployment "$app" --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/readinessProbe"},{"op":"add","path":"/spec/template/spec/containers/0/startupProbe","value":{"httpGet":{"path":"/healthz","port":"http"}}}]'
kubectl -n "$ns" rollout status deployment "$app"
