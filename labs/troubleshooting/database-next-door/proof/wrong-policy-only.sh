# scores: 0 of 9
# fails: answers tomorrow alias closed closed-for-all data-kept
# because answers: knows no
kubectl -n $data patch networkpolicy $db-clients --type=json -p '[{"op":"replace","path":"/spec/ingress/0/from/0/namespaceSelector/matchLabels","value":{"kubernetes.io/metadata.name":"'$app'"}}]'
