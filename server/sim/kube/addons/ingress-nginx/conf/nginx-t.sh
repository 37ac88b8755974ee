#!/bin/bash
# Lets the real nginx read the nginx.conf that our ingress-nginx writes. Not part of CI: it needs Debian and its archive.
#
#   bash server/sim/kube/addons/ingress-nginx/conf/nginx-t.sh
#
# Debian 12 has nginx 1.22 with Lua for http only: `http2 on;` (1.25) and the stream block's Lua are left out.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
conf=$work/nginx.conf
npm run -s drydock -- exec --cluster kubeadm-ingress -c "$(cat <<'SCRIPT'
exec 3>&1 >/dev/null
note() { echo "nginx.ingress.kubernetes.io/$1"; }
kubectl create deployment web --image=nginx:1.27
kubectl expose deployment web --port=80
openssl req -x509 -nodes -newkey rsa:2048 -keyout k.pem -out c.pem -subj /CN=shop.example.com
kubectl create secret tls shop --key k.pem --cert c.pem
kubectl create ingress tls --class=nginx --rule="shop.example.com/*=web:80,tls=shop" --annotation "$(note whitelist-source-range)=10.0.0.0/8"
kubectl create ingress regex --class=nginx --rule="x.example.com/api(/|$)(.*)=web:80" \
  --annotation "$(note rewrite-target)=/\$2" --annotation "$(note use-regex)=true" --dry-run=client -o yaml |
  sed s/Exact/ImplementationSpecific/ | kubectl apply -f -
kubectl create ingress many --class=nginx --rule="y.example.com/=web:80" --annotation "$(note enable-cors)=true" \
  --annotation "$(note limit-rps)=5" --annotation "$(note proxy-body-size)=8m" --annotation "$(note affinity)=cookie"
kubectl create ingress asked --class=nginx --rule="u.example.com/=web:80" --annotation "$(note auth-url)=http://web.default.svc.cluster.local/auth" \
  --annotation "$(note auth-signin)=https://example.org/login" --annotation "$(note auth-response-headers)=X-User" \
  --annotation "$(note mirror-target)=http://192.0.2.1/" --annotation "$(note custom-http-errors)=404,503" \
  --annotation "$(note from-to-www-redirect)=true" --annotation "$(note app-root)=/app"
kubectl create secret generic users --from-literal=auth='joe:{PLAIN}secret'
kubectl create ingress basic --class=nginx --rule="v.example.com/=web:80" --annotation "$(note auth-type)=basic" \
  --annotation "$(note auth-secret)=users" --annotation "$(note auth-realm)=members" --annotation "$(note satisfy)=any"
kubectl create ingress away --class=nginx --rule="z.example.com/=web:80" --annotation "$(note permanent-redirect)=https://example.org"
sleep 20
kubectl -n ingress-nginx exec deploy/ingress-nginx-controller -- cat /etc/nginx/nginx.conf >&3
SCRIPT
)" > "$conf"

cd "$work"
apt-get download -qq nginx nginx-common libnginx-mod-http-{lua,ndk,headers-more-filter,set-misc} libnginx-mod-stream libluajit2-5.1-2 \
  lua-resty-core lua-resty-lrucache 2>/dev/null
for package in *.deb; do dpkg -x "$package" root; done
mkdir -p t/etc/ingress-controller/ssl t/tmp/nginx t/var/log/nginx
cp -r root/etc/nginx t/etc/
openssl req -x509 -nodes -newkey rsa:2048 -keyout k -out c -subj /CN=test 2>/dev/null
for file in $(grep -o '/etc/ingress-controller/[^ ;"]*' nginx.conf | sort -u); do
  mkdir -p "t$(dirname "$file")"
  cat c k > "t$file"
done
for file in $(grep -o '/etc/nginx/lua/[^ ;"?]*\.lua' nginx.conf | sort -u); do
  mkdir -p "t$(dirname "$file")"
  echo return > "t$file"
done
{
  for module in ndk_http_module ngx_http_lua_module ngx_http_headers_more_filter_module ngx_http_set_misc_module ngx_stream_module; do
    echo "load_module $work/root/usr/lib/nginx/modules/$module.so;"
  done
  sed -e '/http2 on;/d' -e "s#^http {#http { uwsgi_temp_path $work/t/uwsgi; scgi_temp_path $work/t/scgi;#" -e '/^stream {/,$ { s#content_by_lua_file.*#return "";#; /lua/d }' \
    -e "s#\(/etc/nginx/\|/etc/ingress-controller/\|/tmp/nginx\|/var/log/nginx\)#$work/t\1#g" \
    -e "s#lua_package_path \"#lua_package_path \"$work/root/usr/share/lua/5.1/?.lua;$work/root/usr/share/lua/?.lua;#" nginx.conf
} > t/nginx.conf
LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu root/usr/sbin/nginx -t -p "$work/t" -c "$work/t/nginx.conf" -e "$work/t/error.log"
