//go:build !wasip1

package cofferdamhttp

import (
	"net/http"

	"cofferdam/internal/servers"
)

func exchange(request *http.Request) (*http.Response, error) {
	if servers.Current == nil {
		return nil, &Error{Kind: Denied}
	}
	return servers.Current(request)
}
