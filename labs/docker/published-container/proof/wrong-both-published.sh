# scores: 8 of 9
# fails: not-published
# because not-published: 80/tcp -> 0.0.0.0
docker network create "$network"
docker run -d --name "$backend" --network "$network" -P nginx:1.27
docker run -d --name "$web" --network "$network" -p "$port:80" nginx:1.27
