# scores: 2 of 8
# fails: ready answers kept
# because ready: Unknown
ssh node01 systemctl enable --now kubelet
