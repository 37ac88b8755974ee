# scores: 1 of 9
# fails: ready finds-the-api runs answers-the-api
# because ready: "Unknown"
ssh node01 systemctl enable --now kubelet
