# scores: 8 of 9
# fails: other-ports
# because other-ports: its ingress rule 1 lets in Pods with role=
kubectl -n $ns patch networkpolicy catalog --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/ingress/0/from/0/podSelector/matchLabels/role\",\"value\":\"$client\"},{\"op\":\"remove\",\"path\":\"/spec/ingress/0/ports\"}]"
