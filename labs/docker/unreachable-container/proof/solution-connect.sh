answer host-mode meter
answer vault-links 1
answer db-address "$(docker inspect "$db" | jq -r ".[0].NetworkSettings.Networks[\"$network\"].IPAddress")"
answer shop-network bridge
docker stop shop
docker rename shop shop-old
docker run -d --name shop -e "HTTP_PORT=$inner" -p "0.0.0.0:$port:$inner" wbitt/network-multitool:latest
docker network connect "$network" shop
