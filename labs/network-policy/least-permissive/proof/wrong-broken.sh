# scores: 0 of 8
# fails: answers other-pods other-ports other-apps deny-kept apps-kept
# because answers: of namespaces with app=
set -- $order
kubectl create -f /root/netpol/policy-$3.yaml
