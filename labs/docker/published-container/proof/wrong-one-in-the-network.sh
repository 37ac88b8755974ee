# scores: 2 of 9
# fails: by-name image own-network not-published
docker network create "$network"
docker run -d --name "$backend" --network "$network" nginx:1.27
docker run -d --name "$web" -p "$port:80" nginx:1.27
