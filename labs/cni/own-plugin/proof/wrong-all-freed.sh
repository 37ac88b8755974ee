# scores: 7 of 10
# fails: again
# because again: two Pods have the same address
ssh node01 "sed -i -e 's#\"address\": \"\$prefix.\$n\"#\"address\": \"\$prefix.\$n/24\"#' -e '/addr add \"\$prefix.\$n/a\  ip -n \"\$netns\" route add default via \"\$prefix.1\"' -e '/^DEL)/a\  rm -f \"\$leases\"/*' /opt/cni/bin/$plugin"
sleep 60
