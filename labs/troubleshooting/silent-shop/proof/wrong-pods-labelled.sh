# scores: 7 of 8
# fails: deployment-kept
# because deployment-kept: was edited: spec.template.metadata.labels.release
kubectl -n $ns patch networkpolicy front-egress --type=json -p '[{"op":"add","path":"/spec/egress/-","value":{"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}},"podSelector":{"matchLabels":{"k8s-app":"kube-dns"}}}],"ports":[{"port":53,"protocol":"UDP"},{"port":53,"protocol":"TCP"}]}}]'
kubectl -n $ns patch deployment $api -p '{"spec":{"template":{"metadata":{"labels":{"release":"stable"}}}}}'
kubectl -n $ns rollout status deployment $api
