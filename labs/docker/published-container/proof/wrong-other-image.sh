# scores: 8 of 9
# fails: image
docker network create $network
docker run -d --name $backend --network $network nginx
docker run -d --name $web --network $network -p $port:80 nginx
