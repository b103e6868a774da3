#!/usr/bin/env bash
# Runs the steps of content/runbooks/tls-certificate-expired.md on nginx and HAProxy behind one name.
#
# Debian packages: nginx-light haproxy openssl curl socat iproute2.
# Two authorities (a root and an intermediate) are made here. There is no systemd: the services are started by hand,
# and reloaded by the signal that `systemctl reload` sends.
. "$(dirname "$0")/lib.sh"
enter "$@"

node web01 192.0.2.11
node web02 192.0.2.12
node client 192.0.2.21
cd "$LAB"
# The name is the first node, as a name server would say; the chain is verified against the root of the lab.
mkdir -p etc
printf '127.0.0.1 localhost\n192.0.2.11 api.example.org\n' >etc/hosts
mount --bind etc/hosts /etc/hosts
export SSL_CERT_FILE=$LAB/root.pem CURL_CA_BUNDLE=$LAB/root.pem

step "Set up: a root, an intermediate and certificates"
openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 3650 -subj '/O=Example/CN=Example Root' 2>/dev/null
# sign NAME SUBJECT ISSUER EXTENSIONS [OPTION]: a key and a certificate.
sign() {
    openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2" 2>/dev/null
    printf '%s\n' "$4" >"$1.ext"
    touch index.txt
    [ -e serial ] || echo 1000 >serial
    cat >ca.cnf <<CONF
[ca]
default_ca = lab
[lab]
database = $LAB/index.txt
serial = $LAB/serial
new_certs_dir = $LAB
certificate = $LAB/$3.pem
private_key = $LAB/$3.key
default_md = sha256
policy = any
unique_subject = no
[any]
organizationName = optional
commonName = supplied
CONF
    openssl ca -batch -notext -config ca.cnf -extfile "$1.ext" -in "$1.csr" -out "$1.pem" \
        -startdate "${5:-20260101000000Z}" -enddate "${6:-20360101000000Z}" 2>/dev/null
}
authority=$'basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign'
server=$'basicConstraints=CA:false\nsubjectAltName=DNS:api.example.org'
sign intermediate '/O=Example/CN=Example E7' root "$authority"
sign aged '/O=Example/CN=Example E6' root "$authority" 20200101000000Z 20210101000000Z
sign old '/CN=api.example.org' intermediate "$server" 20200101000000Z 20210101000000Z
sign new '/CN=api.example.org' intermediate "$server"
sign other '/CN=api.example.org' aged "$server"
# One file each with certificate, chain and key, in this order.
cat old.pem intermediate.pem old.key >old-full.pem
sign stranger '/CN=www.example.org' intermediate $'basicConstraints=CA:false\nsubjectAltName=DNS:www.example.org'
cat stranger.pem intermediate.pem stranger.key >stranger-full.pem
cat new.pem intermediate.pem new.key >new-haproxy.pem
cat new.pem new.key >no-chain.pem
cat other.pem aged.pem other.key >aged-chain.pem

# nginx on web01, HAProxy on web02.
mkdir -p etc/kolla/haproxy
install -m 0600 old-full.pem web01/served.pem
install -m 0600 old-full.pem web02/haproxy.pem
cat >web01/nginx.conf <<CONF
user root;
pid $LAB/web01/pid;
error_log $LAB/web01/error.log;
events {}
http {
    access_log off;
    server {
        listen 192.0.2.11:443 ssl;
        server_name api.example.org;
        ssl_certificate $LAB/web01/served.pem;
        ssl_certificate_key $LAB/web01/served.pem;
        location / { return 200 "answered\n"; }
    }
}
CONF
cat >web02/haproxy.cfg <<CONF
global
    stats socket $LAB/web02/haproxy.sock mode 600 level user
defaults
    mode http
    timeout connect 2s
    timeout client 10s
    timeout server 10s
frontend api
    bind 192.0.2.12:443 ssl crt $LAB/web02/haproxy.pem
    http-request return status 200 content-type text/plain string "answered\n"
CONF
on web01 nginx -c "$LAB/web01/nginx.conf" -e "$LAB/web01/error.log"
on web02 haproxy -W -D -p "$LAB/web02/pid" -f "$LAB/web02/haproxy.cfg"
nginx -v 2>&1
haproxy -v | sed -n 1p
openssl version
sleep 1

# The commands of the page, word for word, except that they run in the network of the client.
presents() {
    on client bash -c 'openssl s_client -connect api.example.org:443 \
     -servername api.example.org </dev/null 2>/dev/null | \
     openssl x509 -noout -subject -issuer -dates -ext subjectAltName'
}
presents_node() {
    on client bash -c "openssl s_client -connect $1:443 \
     -servername api.example.org </dev/null 2>/dev/null | openssl x509 -noout -enddate -serial"
}
serves() { presents_node 192.0.2.11 | grep -qx "$1"; }
chain() {
    on client bash -c "openssl s_client -connect api.example.org:443 -servername api.example.org -showcerts </dev/null 2>&1 | \
     grep -E ' s:| i:|NotAfter|Verify return code'"
}
verify() {
    on client bash -c "openssl s_client -connect api.example.org:443 -servername api.example.org -verify_hostname api.example.org </dev/null 2>&1 | \
     grep '^Verification'"
}
# serve FILE: puts the file in place on web01, and reloads nginx as systemctl does. The old process answers for a moment.
serve() {
    install -m 0600 "$1" web01/served.pem
    on web01 nginx -t -c "$LAB/web01/nginx.conf" -e "$LAB/web01/error.log"
    on web01 nginx -s reload -c "$LAB/web01/nginx.conf" -e "$LAB/web01/error.log"
    local serial
    serial=$(openssl x509 -noout -serial -in "$1")
    within 30 serves "$serial"
}

step "Symptom: what clients say"
expect 'certificate has expired' "$(on client curl -sS https://api.example.org/ 2>&1 || true)"
expect 'certificate has expired' "$(on client python3 -c "import urllib.request; urllib.request.urlopen('https://api.example.org/')" 2>&1 | tail -n 1)"

step "Diagnose 3: what the service presents"
expect 'notAfter=Jan +1 00:00:00 2021 GMT' "$(presents)"

step "Diagnose 4: each node"
expect 'notAfter=Jan +1 00:00:00 2021 GMT' "$(presents_node 192.0.2.11)"
expect 'notAfter=Jan +1 00:00:00 2021 GMT' "$(presents_node 192.0.2.12)"

step "Diagnose 5: an expired certificate"
expect 'Verify return code: 10 \(certificate has expired\)' "$(chain)"

step "Diagnose 6: the file on the disk"
expect 'notAfter=Jan +1 00:00:00 2021 GMT' "$(openssl x509 -noout -subject -enddate -in web02/haproxy.pem)"

step "Finding: the file is new, the service presents the old one"
install -m 0600 new-haproxy.pem web01/served.pem
expect 'notAfter=Jan +1 00:00:00 2036 GMT' "$(openssl x509 -noout -enddate -in web01/served.pem)"
expect 'notAfter=Jan +1 00:00:00 2021 GMT' "$(presents_node 192.0.2.11)"

step "Finding: an intermediate is missing"
serve no-chain.pem
missing=$(chain)
expect 'Verify return code: 2[01] ' "$missing"

step "Finding: an intermediate has expired"
serve aged-chain.pem
expect 'Verify return code: 10 \(certificate has expired\)' "$(chain)"
expect 'notAfter=Jan +1 00:00:00 2036 GMT' "$(presents)"

step "Renew, OpenStack endpoints 2: test the new file"
openssl x509 -noout -subject -enddate -ext subjectAltName -in new-haproxy.pem
first=$(openssl x509 -noout -pubkey -in new-haproxy.pem | openssl sha256)
second=$(openssl pkey -pubout -in new-haproxy.pem | openssl sha256)
printf '%s\n%s\n' "$first" "$second"
expect "= ${first##* }\$" "$second"
cat new.pem intermediate.pem old.key >wrong-key.pem
wrong=$(openssl pkey -pubout -in wrong-key.pem | openssl sha256)
refuse "= ${first##* }\$" "$wrong"

step "Renew, OpenStack endpoints 3: put it in place"
cp -a web02/haproxy.pem old-certificate.pem
install -m 0600 new-haproxy.pem web02/haproxy.pem
expect 'notAfter=Jan +1 00:00:00 2036 GMT' "$(openssl x509 -noout -enddate -in web02/haproxy.pem)"

step "Reload the service: nginx"
serve new-haproxy.pem

step "Finding: only one of several nodes is old"
expect 'notAfter=Jan +1 00:00:00 2036 GMT' "$(presents_node 192.0.2.11)"
expect 'notAfter=Jan +1 00:00:00 2021 GMT' "$(presents_node 192.0.2.12)"

step "Reload the service: HAProxy on the host"
expect 'Configuration file is valid' "$(haproxy -c -f web02/haproxy.cfg 2>&1)"
kill -USR2 "$(head -n 1 web02/pid)"
sleep 3

step "Verify 1: every node"
expect 'notAfter=Jan +1 00:00:00 2036 GMT' "$(presents)"
for address in 192.0.2.11 192.0.2.12; do
    expect 'notAfter=Jan +1 00:00:00 2036 GMT' "$(presents_node "$address")"
done

step "Verify 2: the chain is trusted"
expect 'Verify return code: 0 \(ok\)' "$(chain)"
expect '^Verification: OK$' "$(verify)"

step "Verify 3: clients are served"
expect 'answered' "$(on client curl -sS https://api.example.org/)"
expect 'answered' "$(on client curl -sS --resolve api.example.org:443:192.0.2.12 https://api.example.org/)"

step "Verify 2 with an expired certificate: what it says"
serve old-full.pem
expect '^Verification error: certificate has expired$' "$(verify)"
# OpenSSL 3.0 prints the code 0 when -verify_return_error ends the connection, so the page does not use this option.
printf 'with -verify_return_error: '
on client bash -c 'openssl s_client -connect api.example.org:443 -servername api.example.org -verify_return_error </dev/null 2>&1 | grep "Verify return code"'

step "Verify 2 with the certificate of another name: only -verify_hostname finds it"
serve stranger-full.pem
expect 'Verify return code: 0 \(ok\)' "$(chain)"
expect '^Verification error: hostname mismatch$' "$(verify)"

step "A wrong key does not pass the test before the reload"
install -m 0600 wrong-key.pem web01/served.pem
expect 'key values mismatch' "$(on web01 nginx -t -c "$LAB/web01/nginx.conf" -e "$LAB/web01/error.log" 2>&1 || true)"
install -m 0600 wrong-key.pem web02/haproxy.pem
expect 'inconsistencies between private key and certificate' "$(haproxy -c -f web02/haproxy.cfg 2>&1 || true)"

step "Rollback: the old file back, and reload"
install -m 0600 old-certificate.pem web02/haproxy.pem
kill -USR2 "$(head -n 1 web02/pid)"
sleep 3
expect 'notAfter=Jan +1 00:00:00 2021 GMT' "$(presents_node 192.0.2.12)"
passed
