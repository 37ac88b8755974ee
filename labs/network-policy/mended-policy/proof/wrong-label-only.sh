# scores: 0 of 9
# fails: answers cleaner annex lasting other-ports pods-kept
# because answers: a policy sees the port of the Pod
kubectl -n $ns patch networkpolicy catalog --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/ingress/0/from/0/podSelector/matchLabels/role\",\"value\":\"$client\"}]"
