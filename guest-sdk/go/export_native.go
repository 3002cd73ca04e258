//go:build !wasip1

package cofferdam

import "cofferdam/internal/host"

// export does nothing where there is no host: tests bring their own.
func export(host.Guest) {}
