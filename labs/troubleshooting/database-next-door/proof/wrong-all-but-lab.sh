# scores: 8 of 9
# fails: closed-for-all
# because closed-for-all: gets a connection
kubectl -n $app patch svc database -p "{\"spec\":{\"externalName\":\"$db.$data.svc.cluster.local\"}}"
kubectl -n $data patch netpol $db-clients --type=json -p '[{"op":"replace","path":"/spec/ingress/0/from","value":[{"namespaceSelector":{"matchExpressions":[{"key":"purpose","operator":"NotIn","values":["tests"]}]}}]}]'
