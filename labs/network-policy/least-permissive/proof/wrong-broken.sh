# scores: 0 of 11
# fails: answers other-pods sandbox other-ports other-apps deny-kept namespaces-kept pods-kept
# because answers: of namespaces with app=
set -- $order
kubectl create -f /root/netpol/policy-$3.yaml
