# scores: 0 of 9
# fails: runs own-network out deployment-kept
# because runs: permission denied
ssh node01 rm "/etc/cni/net.d/05-$old.conflist"
sleep 30
