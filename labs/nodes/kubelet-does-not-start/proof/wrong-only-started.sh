# scores: 2 of 9
# fails: ready runs answers-the-api
# because ready: "Unknown"
ssh node01 systemctl enable --now kubelet
