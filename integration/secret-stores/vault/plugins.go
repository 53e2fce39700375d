//go:build minimal

package builtinplugins

import (
	kubernetes "github.com/hashicorp/vault-plugin-auth-kubernetes"
)

// The agent logs in by the account of its Pod.
func extendAddonPlugins(registry *registry) {
	registry.credentialBackends["kubernetes"] = credentialBackend{Factory: kubernetes.Factory}
}
