login network-maintainer
id=$(subzone_id)
[ -n "$id" ] || { say "no subzone has the label $SUBZONE_LABEL"; exit 1; }
grant_on_subzones
login network-maintainer
./cenm netmap status -s "$id"
