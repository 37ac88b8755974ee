# scores: 0 of 9
# fails: api-db front-db front-api
# because front-db: the packet arrives, but its answer is lost
ssh node01 ip route del 10.244.2.0/24
ssh node02 ip route add 10.244.0.0/24 via 172.30.3.1 dev eth0
