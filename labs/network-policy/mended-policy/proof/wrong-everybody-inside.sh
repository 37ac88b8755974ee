# scores: 7 of 9
# fails: cleaner
# because cleaner: lets in all Pods of namespace
kubectl -n $ns patch networkpolicy catalog --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/ingress/0/from/0/podSelector\",\"value\":{}},{\"op\":\"replace\",\"path\":\"/spec/ingress/0/ports/0/port\",\"value\":$port}]"
