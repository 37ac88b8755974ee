# scores: 5 of 9
# fails: own-network deployment-kept
# because deployment-kept: was edited
kubectl -n "$ns" patch deployment "$app" --type merge -p '{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/hostname":"controlplane"},"tolerations":[{"operator":"Exists"}]}}}}'
sleep 30
kubectl -n "$ns" delete pods --force -l "app=$app"
sleep 30
