mkdir -p /root/tls
cd /root/tls
for pair in web={{host}} mail={{other}}; do
  name=${pair%%=*} host=${pair#*=}
  openssl req -x509 -newkey rsa:2048 -nodes -keyout $name.key -out $name.crt -days 365 -subj "/CN=$host" -addext "subjectAltName=DNS:$host" 2> /dev/null
done
chmod 600 *.key
echo '192.168.100.10 outside' >> /etc/hosts
cat web.crt mail.crt | ssh -o StrictHostKeyChecking=no outside 'cat >> /etc/ssl/certs/ca-certificates.crt'
