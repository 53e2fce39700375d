# Functions of all bootstrap Jobs. Passwords and tokens travel in files and standard input; only the login of
# R3's command line takes one as an argument, inside of this container.
cd /opt/cenm

# say TEXT: progress, for people who read the log.
say() { printf '%s\n' "$*" >&2; }

# A new Pod may run before every node knows that it may call: until then its connections are refused.
curl --silent --show-error --output /dev/null --max-time 10 \
  --retry 120 --retry-delay 1 --retry-max-time 120 --retry-connrefused --retry-all-errors "$GATEWAY/" ||
  { say "the Gateway does not answer at $GATEWAY: is it ready, and do the network policies of both sides apply?"; exit 1; }

# await_upload: /upload holds what this Job was made for. A node may show the former content for as long as it takes to
# sync its Pods, and no event tells of the change.
await_upload() {
  for _ in $(seq 180); do
    [ "$(cat /upload/version)" != "$UPLOAD_VERSION" ] || return 0
    say "the node still shows the former version of /upload"
    sleep 1
  done
  say "the node does not show the version of /upload that this Job was made for: is its kubelet well?"
  exit 1
}

# login USER: the following `cenm` calls act as this user.
login() {
  ./cenm context login "$GATEWAY" -s -u "$1" -p "$(cat "/users/$1")" > /dev/null
  say "logged in as $1"
}

# authorise USER: writes a header with a fresh token to /tmp/authorisation; false when the login is refused.
authorise() {
  local status
  status=$(curl --silent --show-error --max-time 30 --output /tmp/login --write-out '%{http_code}' \
    --data grant_type=password --data-urlencode "username=$1" --data-urlencode "password@/users/$1" \
    "$GATEWAY/api/v1/authentication/authenticate") || return 1
  [ "$status" = 200 ] || return 1
  jq --exit-status --raw-output '"Authorization: Bearer " + (.access_token | strings)' /tmp/login > /tmp/authorisation
  rm -f /tmp/login
}

# admin METHOD PATH [TYPE]: calls the user administration; a body comes from standard input when TYPE is given.
admin() {
  local body=()
  [ $# -lt 3 ] || body=(--header "Content-Type: $3" --data-binary @-)
  curl --silent --show-error --fail-with-body --max-time 30 --header @/tmp/authorisation \
    --request "$1" "${body[@]}" "$GATEWAY/api/v1/admin/$2"
}

# subzone_id: the id of the subzone with our label, or nothing.
subzone_id() {
  ./cenm zone get-subzones -o json |
    jq --raw-output --arg wanted "$SUBZONE_LABEL" '[.[] | select(.label == $wanted)][0].id // empty'
}

# grant_on_subzones: gives every group its role on all subzones too. A merge patch replaces the whole list, so that the
# zone-wide grant and those of the other subzones are sent again.
grant_on_subzones() {
  local ids
  ids=$(./cenm zone get-subzones -o json | jq --compact-output '[.[].id | tostring]')
  authorise admin
  while read -r _ group role; do
    [ -n "$group" ] || continue
    jq --null-input --arg group "$group" --argjson ids "$ids" \
      '{groups: (["global"] + $ids | map({entityName: $group, objectName: .}))}' |
      admin PATCH "roles/$role" application/merge-patch+json > /dev/null
    say "role $role holds on subzones $ids"
  done <<< "$MEMBERSHIPS"
}

# hand_over: the files in /outputs are complete; waits until they were fetched.
hand_over() {
  touch /outputs/complete
  local done
  read -r done < /outputs/release
  say "handed over"
}
