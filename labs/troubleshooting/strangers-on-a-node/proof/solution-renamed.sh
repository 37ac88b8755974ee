ssh node01
mv /etc/cni/net.d/0*.conflist /etc/cni/net.d/99-unused.conflist
sed -i '/^clusterDNS/,+1d' /var/lib/kubelet/config.yaml
echo 'clusterDNS: [10.96.0.10]' >> /var/lib/kubelet/config.yaml
systemctl restart kubelet
exit
kubectl -n $ns scale deployment $app --replicas=0
sleep 5
kubectl -n $ns scale deployment $app --replicas=2
