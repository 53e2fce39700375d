login config-maintainer
./cenm signer config set-admin-address -a "$SIGNING_SERVICE_ADMIN" > /dev/null
login network-maintainer
./cenm zone addresses | grep -qF "$SIGNING_SERVICE_ADMIN"
say "Zone knows the Signing Service's address"
