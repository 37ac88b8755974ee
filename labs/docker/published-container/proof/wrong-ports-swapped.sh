# scores: 7 of 9
# fails: published
# because published: refused
docker network create "$network"
docker run -d --name "$backend" --network "$network" nginx:1.27
docker run -d --name "$web" --network "$network" -p "80:$port" nginx:1.27
