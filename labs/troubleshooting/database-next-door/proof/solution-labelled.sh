kubectl -n $app delete svc database
kubectl -n $app create service externalname database --external-name $db.$data.svc.cluster.local
kubectl label namespace $app app=$app
