ssh node01 "sed -i -e 's#\"address\": \"\$prefix.\$n\"#\"address\": \"\$prefix.\$n/24\"#' /opt/cni/bin/$plugin"
ssh node01 "sed -i 's#  cat >&3 << RESULT#  ip netns exec \$netns ip route add 0.0.0.0/0 via \$prefix.1 dev \$CNI_IFNAME\n&#' /opt/cni/bin/$plugin"
ssh node01 "sed -i 's#^DEL)#DEL)\n  for lease in \$leases/*; do [ \"\$(cat \$lease)\" = \"\$CNI_CONTAINERID\" ] \&\& rm \$lease; done#' /opt/cni/bin/$plugin"
ssh node01 "cat /opt/cni/bin/$plugin | tail -40; rm -r /var/lib/cni/$plugin"
kubectl -n "$ns" delete pods -l app=crew
kubectl -n "$ns" rollout status deployment crew --timeout=120s
