# scores: 6 of 11
# fails: db-address stock db-inside
# because stock: Welcome to nginx
answer host-mode meter
answer vault-links 1
answer shop-network bridge
docker rm -f shop "$db"
docker run -d --name "$db" --network "$network" nginx:1.27
docker run -d --name shop --network "$network" -e "HTTP_PORT=$inner" -p "$port:$inner" wbitt/network-multitool:latest
