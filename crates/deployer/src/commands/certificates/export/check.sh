#!/bin/sh
# Checks from a participant's machine that the network can be joined. Changes nothing, sends nothing but GET.
# Needs: curl, openssl; keytool for the trust store. Exit code 0: everything is as it should be.
set -u
cd "$(dirname "$0")" || exit 2
failed=0

ok() { printf 'ok      %s\n' "$1"; }
bad() { printf 'FAILED  %s\n        %s\n' "$1" "$2"; failed=1; }

answers() { # URL WHAT
  code=$(curl --silent --show-error --max-time 20 --output "$work/answer" --write-out '%{http_code}' "$1" 2>"$work/error")
  case "$code" in
    200) ok "$2: $1" ;;
    30?) bad "$2: $1" "it answers $code: nodes follow no redirect; a proxy on the way must pass requests through" ;;
    000) bad "$2: $1" "$(cat "$work/error"): check DNS and the firewall list" ;;
    *) bad "$2: $1" "it answers $code: ask the network's operator" ;;
  esac
  [ "$code" = 200 ]
}

revocation() { # URL SIGNER-OR-NONE
  answers "$1" "revocation list" || return
  if ! openssl crl -inform DER -in "$work/answer" -noout 2>/dev/null; then
    bad "revocation list: $1" "what comes is no list: something on the way answers in its place"
    return
  fi
  until=$(openssl crl -inform DER -in "$work/answer" -noout -nextupdate | cut -d= -f2)
  if [ "$(date -d "$until" +%s 2>/dev/null || echo 9999999999)" -le "$(date +%s)" ]; then
    bad "revocation list: $1" "it ended on $until, or this machine's clock is wrong"
  fi
  [ "$2" = none ] && return
  if openssl crl -inform DER -in "$work/answer" -noout -CAfile "$2" 2>&1 | grep -q 'verify OK'; then
    ok "signed by $2: $1"
  else
    bad "signed by $2: $1" "the list is of another network, or this bundle is"
  fi
}

reaches() { # HOST PORT WHAT
  # The other side speaks TLS and waits for us: that a connection came about is all there is to see.
  connected=$(curl --silent --max-time 5 --output /dev/null --write-out '%{time_connect}' "telnet://$1:$2" </dev/null)
  case "$connected" in
    '' | 0 | 0.000000) bad "$3: $1:$2" "no connection: check DNS and the firewall list" ;;
    *) ok "$3: $1:$2" ;;
  esac
}

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
for tool in curl openssl; do
  command -v "$tool" >/dev/null || { echo "this check needs $tool" >&2; exit 2; }
done

for certificate in root.pem tls-crl-signer.pem; do
  found=$(openssl x509 -in "$certificate" -noout -fingerprint -sha256 | cut -d= -f2 | tr -d : | tr 'A-F' 'a-f')
  if grep -q "\"$found\"" network.json; then ok "$certificate is the one that network.json names"
  else bad "$certificate" "its fingerprint $found is not in network.json: the bundle was altered"; fi
  openssl x509 -in "$certificate" -noout -checkend 0 >/dev/null || bad "$certificate" "it has ended, or this machine's clock is wrong"
done
trusted() { # Certificates of the trust store as PEM, by the first tool that is here.
  if command -v keytool >/dev/null; then
    keytool -list -rfc -keystore network-root-truststore.jks -storepass:file truststore-password.txt
  else
    openssl pkcs12 -in network-root-truststore.jks -nokeys -passin file:truststore-password.txt
  fi
}
if trusted >"$work/trusted" 2>/dev/null; then
  awk -v folder="$work" '/BEGIN CERT/ { n++; inside = 1 } inside { print > (folder "/trusted-" n ".pem") } /END CERT/ { inside = 0; close(folder "/trusted-" n ".pem") }' "$work/trusted"
  known=0
  for certificate in "$work"/trusted-*.pem; do
    found=$(openssl x509 -in "$certificate" -noout -fingerprint -sha256 2>/dev/null | cut -d= -f2 | tr -d : | tr 'A-F' 'a-f')
    if grep -q "\"$found\"" network.json; then known=$((known + 1))
    else bad "the trust store" "it holds a certificate that network.json does not name ($found): whoever has its key would be trusted"; fi
  done
  if [ "$known" = 2 ]; then ok "the trust store holds the certificates that network.json names"
  else bad "the trust store" "it holds $known of the 2 certificates that network.json names: unpack the bundle again"; fi
else
  bad "the trust store" "it does not open with the password of truststore-password.txt: unpack the bundle again"
fi
. ./check.list
exit $failed
