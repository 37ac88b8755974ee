# scores: 8 of 9
# fails: data-kept
# because data-kept: was edited
kubectl -n $app patch svc database -p '{"spec":{"externalName":"'$db.$data'.svc.cluster.local"}}'
kubectl -n $data patch networkpolicy $db-clients --type=json -p '[{"op":"replace","path":"/spec/ingress/0/from/0/namespaceSelector/matchLabels","value":{"kubernetes.io/metadata.name":"'$app'"}}]'
kubectl -n $data scale deployment $db --replicas=2
kubectl -n $data rollout status deployment $db
