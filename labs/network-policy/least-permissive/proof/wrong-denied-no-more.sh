# scores: 9 of 11
# fails: other-apps deny-kept
# because deny-kept: was deleted
set -- $order
kubectl apply -f /root/netpol/policy-$1.yaml
kubectl -n $back delete networkpolicy default-deny
