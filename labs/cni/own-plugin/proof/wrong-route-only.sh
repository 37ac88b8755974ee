# scores: 0 of 10
# fails: runs out again own-bridge
# because runs: CIDR
ssh node01 "sed -i 's#  cat >&3 << RESULT#  ip -n \$netns route add default via \$prefix.1\n&#' /opt/cni/bin/$plugin; rm -f /var/lib/cni/$plugin/*"
sleep 20
