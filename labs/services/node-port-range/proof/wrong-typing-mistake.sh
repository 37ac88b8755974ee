# scores: 0 of 10
# fails: outside low-end not-more old-port pods-kept
# because low-end: refused
sed -i 's/    - --service-cluster-ip-range=.*/&\n    - --service-nodeport-range=20000-22767/' /etc/kubernetes/manifests/kube-apiserver.yaml
sleep 45
