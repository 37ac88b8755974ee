# scores: 2 of 9
# fails: answers tomorrow closed closed-for-all data-kept
# because answers: carries
kubectl -n $app patch svc database -p '{"spec":{"externalName":"'$db.$data'.svc.cluster.local"}}'
