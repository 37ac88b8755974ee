answer host-mode "$(docker ps -q | xargs docker inspect | jq -r '.[] | select(.HostConfig.NetworkMode == "host").Name' | tr -d /)"
answer vault-links "$(docker exec vault ip -o link | wc -l)"
answer db-address "$(docker exec "$db" hostname -i)"
answer shop-network "$(docker inspect shop | jq -r '.[0].NetworkSettings.Networks | keys[0]')"
docker rm -f shop
docker run -d --name shop --network "$network" -e "HTTP_PORT=$inner" -p "$port:$inner" wbitt/network-multitool:latest
