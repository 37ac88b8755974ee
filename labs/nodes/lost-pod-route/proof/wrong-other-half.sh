# scores: 4 of 9
# fails: api-db front-api
# because api-db: router
ssh node02 ip route add 10.244.0.0/24 via 10.244.0.0 dev flannel.1 onlink
