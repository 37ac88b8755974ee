# scores: 8 of 9
# fails: deployment-kept
# because deployment-kept: was edited: spec.template.metadata.labels.tier
kubectl -n $ns delete endpointslice $app-old
kubectl -n $ns patch deployment $app -p '{"spec":{"template":{"metadata":{"labels":{"tier":"real"}}}}}'
kubectl -n $ns rollout status deployment $app
kubectl -n $ns patch svc $app -p '{"spec":{"selector":{"tier":"real"}}}'
