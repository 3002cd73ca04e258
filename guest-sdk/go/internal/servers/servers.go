// Package servers is the seam between the SDK and the servers that answer a module's requests in native tests.
package servers

import "net/http"

// Current answers, if anything does. A test sets it for the length of a run.
var Current func(*http.Request) (*http.Response, error)
