# scores: 2 of 10
# fails: reached pods follows no-pod log
# because follows: does not know the new Service
ssh node01 "sed -i 's/^mode: .*/mode: iptables/' /var/lib/kube-proxy/config.conf; systemctl enable --now kube-proxy"
answer log "kubectl logs"
