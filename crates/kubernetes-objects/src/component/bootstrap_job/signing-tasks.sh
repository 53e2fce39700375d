login nonca-signer
tasks=$(./cenm signer list)
[ -n "$tasks" ] || { say "the Signing Service lists no signing task"; exit 1; }
say "$tasks"
