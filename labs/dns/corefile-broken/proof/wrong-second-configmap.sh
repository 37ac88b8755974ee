# scores: 7 of 8
# fails: deployment-kept
# because deployment-kept: was edited: spec.template.spec.volumes
kubectl -n kube-system get cm coredns -o yaml | sed -e "s/$typo/forward/" -e "s/$zone/cluster.local/" -e 's/name: coredns/name: coredns-new/' -e '/resourceVersion\|uid/d' | kubectl create -f -
kubectl -n kube-system patch deployment coredns --type=json -p '[{"op":"replace","path":"/spec/template/spec/volumes/0/configMap/name","value":"coredns-new"}]'
kubectl -n kube-system delete pods -l k8s-app=kube-dns
