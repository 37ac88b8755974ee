# scores: 4 of 9
# fails: everywhere services internet
# because everywhere: knows no
for name in line line-client; do kubectl -n "$ns" patch deployment $name -p "{\"spec\":{\"template\":{\"spec\":{\"hostAliases\":[{\"ip\":\"192.168.50.$a\",\"hostnames\":[\"$first.$zone\"]},{\"ip\":\"192.168.50.$b\",\"hostnames\":[\"$second.$zone\"]}]}}}}"; done
