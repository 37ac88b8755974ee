# scores: 6 of 11
# fails: other-pods other-ports other-apps
# because other-pods: lets in all Pods of namespaces with side=public
# because other-apps: in to Pod secrets-
set -- $order
kubectl apply -f /root/netpol/policy-$2.yaml
