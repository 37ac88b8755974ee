# scores: 8 of 9
# fails: agent-kept
# because agent-kept: was edited: spec.template.spec
kubectl -n $ns patch deployment $agent --type=json -p '[{"op":"remove","path":"/spec/template/spec/hostNetwork"},{"op":"replace","path":"/spec/template/spec/nodeSelector","value":{"kubernetes.io/hostname":"node01"}}]'
kubectl -n $ns rollout status deployment $agent
