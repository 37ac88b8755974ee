# scores: 5.5 of 8
# fails: agents agents-kept
# because agents: no Service has the address 10.96.0.
ssh node01 "sed -i 's/10.96.0.$last/10.96.0.10/' /var/lib/kubelet/config.yaml; systemctl restart kubelet"
