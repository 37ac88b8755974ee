# scores: 0 of 10
# fails: seen others outside services pods-kept
# because seen: as the client
iptables -t nat -F POSTROUTING
