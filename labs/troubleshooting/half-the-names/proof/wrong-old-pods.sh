# scores: 7 of 10
# fails: on-node01 service-kept
# because on-node01: does not answer
ssh node01 sed -i s/$wrong/10.96.0.10/ /var/lib/kubelet/config.yaml
ssh node01 systemctl restart kubelet
kubectl -n kube-system patch networkpolicy coredns-clients --type=json -p '[{"op":"replace","path":"/spec/ingress/0/from/0/namespaceSelector","value":{}}]'
