echo '192.168.56.20 outside' >> /etc/hosts
ssh -o StrictHostKeyChecking=accept-new outside true
docker pull -q nginx:1.27
docker run -d --name legacy busybox:1.36 sleep infinity
