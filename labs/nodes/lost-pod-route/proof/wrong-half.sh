# scores: 5 of 9
# fails: front-db
# because front-db: the packet arrives, but its answer is lost
ssh node01 ip route replace 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink
