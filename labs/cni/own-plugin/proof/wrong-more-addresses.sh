# scores: 7 of 10
# fails: again
ssh node01 "sed -i -e 's#\"address\": \"\$prefix.\$n\"#\"address\": \"\$prefix.\$n/24\"#' -e 's#  cat >&3 << RESULT#  ip -n \$netns route add default via \$prefix.1\n&#' /opt/cni/bin/$plugin; rm -f /var/lib/cni/$plugin/*"
kubectl -n "$ns" delete pods -l app=crew --force
kubectl -n "$ns" rollout status deployment crew --timeout=120s
