# scores: 7 of 9
# fails: closed closed-for-all
# because closed: lets in all Pods of all namespaces
kubectl -n $app patch svc database -p '{"spec":{"externalName":"'$db.$data'.svc.cluster.local"}}'
kubectl -n $data patch networkpolicy $db-clients --type=json -p '[{"op":"replace","path":"/spec/ingress/0/from/0/namespaceSelector","value":{}}]'
