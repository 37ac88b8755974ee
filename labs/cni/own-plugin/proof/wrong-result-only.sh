# scores: 4 of 10
# fails: out again
# because out: no route to
ssh node01 "sed -i 's#\"address\": \"\$prefix.\$n\"#\"address\": \"\$prefix.\$n/24\"#' /opt/cni/bin/$plugin; rm -f /var/lib/cni/$plugin/*"
kubectl -n "$ns" delete pods -l app=crew
kubectl -n "$ns" rollout status deployment crew --timeout=120s
