openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj "/CN={{host}}" -addext "subjectAltName=DNS:{{host}}" -keyout /tmp/site.key -out "/root/{{secret}}.crt" 2>/dev/null
kubectl -n "{{ns}}" create secret tls "{{secret}}" --cert="/root/{{secret}}.crt" --key=/tmp/site.key
rm /tmp/site.key
