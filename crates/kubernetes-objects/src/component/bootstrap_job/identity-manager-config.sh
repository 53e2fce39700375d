mkfifo /outputs/release
await_upload
login config-maintainer
./cenm identity-manager config set-admin-address -a "$IDENTITY_MANAGER_ADMIN" > /dev/null
./cenm identity-manager config set -f /upload/identitymanager.conf > /dev/null
say "Zone has the Identity Manager's config"
./cenm identity-manager config get --zone-token > /outputs/token
hand_over
