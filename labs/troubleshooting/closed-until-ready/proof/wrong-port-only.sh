# scores: 0 of 7
# fails: answers ready probe service-port
# because answers: its readiness probe fails
kubectl -n $ns patch svc $app -p '{"spec":{"ports":[{"port":80,"targetPort":"http"}]}}'
