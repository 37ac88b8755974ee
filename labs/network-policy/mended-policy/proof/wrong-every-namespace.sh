# scores: 8 of 9
# fails: annex
# because annex: lets in Pods with role=
# because annex: of all namespaces
KUBE_EDITOR="sed -i -e s/${client}s/${client}/ -e 's/port: 80$/port: $port/' -e 's/- podSelector:/- namespaceSelector: {}\n      podSelector:/'" kubectl -n $ns edit networkpolicy catalog
