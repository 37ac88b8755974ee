# scores: 10 of 11
# fails: db-inside
# because db-inside: 80/tcp
answer host-mode meter
answer vault-links 1
answer db-address "$(docker inspect "$db" | jq -r ".[0].NetworkSettings.Networks[\"$network\"].IPAddress")"
answer shop-network bridge
docker exec "$db" cat /usr/share/nginx/html/index.html > stock.html
docker rm -f shop "$db"
docker run -d --name "$db" --network "$network" -p 8079:80 nginx:1.27
docker exec -i "$db" sh -c "cat > /usr/share/nginx/html/index.html" < stock.html
docker run -d --name shop --network "$network" -e "HTTP_PORT=$inner" -p "$port:$inner" wbitt/network-multitool:latest
