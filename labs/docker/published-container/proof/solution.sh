docker network create "$network"
docker run -d --name "$backend" --network "$network" nginx:1.27
docker run -d --name "$web" --network "$network" -p "$port:80" nginx:1.27
ssh outside curl -sS -m 2 "192.168.56.11:$port"
