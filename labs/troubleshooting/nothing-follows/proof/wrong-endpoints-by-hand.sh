# scores: 4 of 7
# fails: follows
# because follows: ""
kubectl -n $ns set selector service $app app=$app
ip=$(kubectl -n $ns get pods -l app=$app -o jsonpath='{.items[0].status.podIP}')
kubectl apply -f - <<END
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: $app-by-hand, namespace: $ns, labels: { kubernetes.io/service-name: $app } }
addressType: IPv4
endpoints: [{ addresses: [$ip] }]
ports: [{ name: http, port: $port }]
END
