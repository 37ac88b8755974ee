# scores: 0 of 8
# fails: answers ready place schedulable control-plane-kept
# because answers: is not scheduled: 0/2 nodes are available
ssh node01 mv /root/$backup/flannel /opt/cni/bin/
