# scores: 2 of 6
# fails: answers follows
# because answers: has no endpoints: its selector app=crat matches no Pod
kubectl -n "$ns" patch svc cart --type json -p "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/targetPort\",\"value\":$port}]"
