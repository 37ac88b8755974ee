# scores: 6 of 11
# fails: host-mode vault-links db-address shop-network setting-kept
answer shop-network docker0
docker rm -f shop
docker run -d --name shop --network $network -e HTTP_PORT=80 -p $port:80 wbitt/network-multitool:latest
