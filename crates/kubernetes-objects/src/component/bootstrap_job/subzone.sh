mkfifo /outputs/release
await_upload
login network-maintainer
id=$(subzone_id)
if [ -z "$id" ]; then
  # Every call makes another subzone: this is the only one, and only where the label is not found.
  ./cenm zone create-subzone --config-file=/upload/networkmap.conf --network-map-address="$NETWORK_MAP_ADMIN" \
    --network-parameters=/parameters/network-parameters.conf --label="$SUBZONE_LABEL" --label-color='#2F6DB5' \
    --zone-token > /tmp/token
  id=$(subzone_id)
  [ -n "$id" ] || { say "the subzone $SUBZONE_LABEL is not listed after it was made"; exit 1; }
  say "subzone $SUBZONE_LABEL made with id $id"
  mv /tmp/token /outputs/token
else
  say "subzone $SUBZONE_LABEL exists with id $id"
  grant_on_subzones
  login config-maintainer
  ./cenm netmap config set -s "$id" -f /upload/networkmap.conf > /dev/null
  ./cenm netmap config get -s "$id" --zone-token > /outputs/token
fi
hand_over
