docker run -d --name "$web" -p "0.0.0.0:$port:80/tcp" nginx:1.27
docker run -d --name "$backend" nginx:1.27
docker network create --driver bridge --subnet 10.66.0.0/24 "$network"
docker network connect "$network" "$web"
docker network connect "$network" "$backend"
