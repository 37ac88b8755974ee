# scores: 7 of 11
# fails: stock db-inside
# because stock: Could not resolve host
answer host-mode meter
answer vault-links 1
answer db-address "$(docker inspect "$db" | jq -r ".[0].NetworkSettings.Networks[\"$network\"].IPAddress")"
answer shop-network bridge
docker rm -f shop
docker run -d --name shop -e "HTTP_PORT=$inner" -p "$port:$inner" wbitt/network-multitool:latest
