# scores: 7 of 8
# fails: ready
ssh node01 "mv /root/$backup/flannel /opt/cni/bin/"; kubectl uncordon node01; kubectl -n $ns scale deploy $app --replicas=1
sleep 30
