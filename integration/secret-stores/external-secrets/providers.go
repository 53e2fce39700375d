// Package register knows the one kind of store that the tests read from.
package register

import (
	_ "github.com/external-secrets/external-secrets/pkg/provider/kubernetes"
)
