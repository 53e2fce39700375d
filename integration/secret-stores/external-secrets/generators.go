// Package register knows no generator: nothing that is rendered asks for one.
package register
