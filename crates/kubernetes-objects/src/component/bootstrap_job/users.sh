authorise admin || { say "the initial administrator cannot log in at $GATEWAY: is Auth's database from another run?"; exit 1; }
mv /tmp/authorisation /tmp/authorisation-admin

while read -r user group role; do
  [ -n "$user" ] || continue
  if authorise "$user"; then
    say "user $user exists"
  else
    cp /tmp/authorisation-admin /tmp/authorisation
    jq --null-input --arg name "$user" --arg mail "$user@$MAIL_DOMAIN" --rawfile password "/users/$user" \
      '{name: $name, email: $mail, password: $password, enabled: "true", groups: [], admin: "false"}' |
      admin POST users application/json > /dev/null
    say "user $user made"
  fi
  cp /tmp/authorisation-admin /tmp/authorisation
  if admin GET groups | jq --exit-status --arg name "$group" 'any(.. | objects; .name? == $name)' > /dev/null; then
    say "group $group exists"
  else
    jq --null-input --arg name "$group" --arg user "$user" \
      '{name: $name, description: $name, users: [$user], admin: "false", autoEnroll: "false"}' |
      admin POST groups application/json > /dev/null
    say "group $group made"
  fi
  if admin GET "roles/$role" | jq --exit-status --arg group "$group" 'any(.. | objects; .entityName? == $group)' > /dev/null; then
    say "role $role lists $group"
  else
    jq --null-input --arg group "$group" '{groups: [{entityName: $group, objectName: "global"}]}' |
      admin PATCH "roles/$role" application/merge-patch+json > /dev/null
    say "role $role given to $group"
  fi
done <<< "$MEMBERSHIPS"

while read -r user _; do
  [ -z "$user" ] || authorise "$user" || { say "user $user cannot log in"; exit 1; }
done <<< "$MEMBERSHIPS"
