# scores: 7 of 9
# fails: alias
# because alias: the name is there, without such a record
kubectl -n $data patch networkpolicy $db-clients --type=json -p '[{"op":"replace","path":"/spec/ingress/0/from/0/namespaceSelector/matchLabels","value":{"kubernetes.io/metadata.name":"'$app'"}}]'
kubectl -n $app delete svc database
kubectl -n $app create service clusterip database --clusterip=None --tcp=$port
kubectl -n $app apply -f - <<YAML
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: database-1
  labels: { kubernetes.io/service-name: database }
addressType: IPv4
ports: [{ port: $port, name: "$port" }]
endpoints:
  - addresses: [$(kubectl -n $data get svc $db -o jsonpath='{.spec.clusterIP}')]
YAML
