# scores: 0 of 9
# fails: answers cleaner annex lasting other-ports pods-kept
# because answers: no NetworkPolicy lets Pod
kubectl -n $ns patch networkpolicy catalog --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/ingress/0/ports/0/port\",\"value\":$port}]"
