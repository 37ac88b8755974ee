# scores: 8 of 9
# fails: image
docker rm -f legacy
docker network create $network
docker run -d --name $backend --network $network nginx:1.27
docker run -d --name $web --network $network -p $port:80 nginx:1.27
