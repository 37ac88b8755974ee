echo '192.168.56.20 outside' >> /etc/hosts
ssh -o StrictHostKeyChecking=accept-new outside true
docker pull -q wbitt/network-multitool:latest
docker network create {{network}}
docker run -d --name {{db}} --network {{network}} nginx:1.27
docker exec {{db}} sh -c 'echo "{{stock}} pieces in stock" > /usr/share/nginx/html/index.html'
docker run -d --name shop -e HTTP_PORT={{inner}} -p 127.0.0.1:{{port}}:80 wbitt/network-multitool:latest
docker run -d --name meter --network host hashicorp/http-echo:1.0 -listen=:9100 -text=meter
docker run -d --name vault --network none busybox:1.36 sleep infinity
