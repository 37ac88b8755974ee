kubectl -n $ns annotate ingress site kubernetes.io/ingress.class=nginx
kubectl -n $ns patch ingress site --type=json -p '[{"op":"remove","path":"/spec/ingressClassName"}]'
kubectl -n $ns get svc $app -o json | jq --arg p $port '.spec.ports[0].targetPort=($p|tonumber)' | kubectl replace -f -
kubectl -n $ns create -f - <<X
{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"in"},"spec":{"podSelector":{"matchLabels":{"app":"$app"}},"policyTypes":["Ingress"],"ingress":[{"from":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"ingress-nginx"}}}],"ports":[{"port":$port}]}]}}
X
sleep 5
