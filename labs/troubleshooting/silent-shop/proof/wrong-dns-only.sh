# scores: 1 of 8
# fails: answers others still-closed deployment-kept
# because answers: has no endpoints: its selector app=
# because others: release=stable matches no Pod
kubectl -n $ns patch networkpolicy front-egress --type=json -p '[{"op":"add","path":"/spec/egress/-","value":{"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}},"podSelector":{"matchLabels":{"k8s-app":"kube-dns"}}}],"ports":[{"port":53,"protocol":"UDP"},{"port":53,"protocol":"TCP"}]}}]'
