# scores: 2 of 9
# fails: by-name image own-network not-published
# because by-name: Could not resolve host
docker run -d --name "$backend" nginx:1.27
docker run -d --name "$web" -p "$port:80" nginx:1.27
