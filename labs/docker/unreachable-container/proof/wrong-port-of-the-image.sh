# scores: 6 of 11
# fails: db-address shop-network outside setting-kept
# because outside: refused
answer host-mode meter
answer vault-links 1
answer db-address 172.17.0.2
answer shop-network "$network"
docker rm -f shop
docker run -d --name shop --network "$network" -e "HTTP_PORT=$inner" -p "$port:80" wbitt/network-multitool:latest
