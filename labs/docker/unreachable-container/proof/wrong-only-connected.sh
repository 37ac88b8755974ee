# scores: 6 of 11
# fails: host-mode vault-links outside setting-kept
# because outside: refused
answer host-mode vault
answer vault-links 0
answer db-address "$(docker inspect "$db" | jq -r ".[0].NetworkSettings.Networks[\"$network\"].IPAddress")"
answer shop-network bridge
docker network connect "$network" shop
