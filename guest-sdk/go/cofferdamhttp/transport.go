// Package cofferdamhttp lets net/http call servers, through the host that runs the module.
//
//	response, err := cofferdamhttp.Client.Get("https://api.example.com/status")
//
// Only servers that the module was granted answer; every other request is an [Error] of the kind [Denied]. [Client] does
// not follow redirects: an answer with a Location is an answer like any. For a client with another policy, or a library
// that takes one, there is [Transport]:
//
//	client := &http.Client{Transport: cofferdamhttp.Transport{}, Timeout: 10 * time.Second}
//
// While a request waits, no other goroutine runs. A context's deadline holds, its cancellation is looked at before each
// wait; a request of a job that is asked to stop ends by itself. Close every response's body, as always.
//
// net/http makes a component about 7 MB larger, so it is in a package of its own. Natively there is no network: HTTP of
// [cofferdam/cofferdamtest.Attempt] says what servers answer.
package cofferdamhttp

import (
	"net/http"
	"time"
)

// Client sends requests and follows no redirect.
var Client = &http.Client{Transport: Transport{}, CheckRedirect: dontFollow}

func dontFollow(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Transport sends single requests. The zero value is ready.
type Transport struct{}

// RoundTrip implements [http.RoundTripper]. What goes wrong is an [Error], or the error of the request's context or body.
func (Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Body != nil {
		defer request.Body.Close()
	}
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	if err := check(request); err != nil {
		return nil, err
	}
	return exchange(request)
}

// check refuses what could never be sent, natively too.
func check(request *http.Request) error {
	url := request.URL
	if url == nil || (url.Scheme != "http" && url.Scheme != "https") || url.Host == "" {
		return invalid("its URL is no address of http or https")
	}
	if request.Host != "" && request.Host != url.Host {
		return invalid("the Host of a request is that of its URL, not " + request.Host)
	}
	return nil
}

// remaining is how long a request may still take, and whether anything says so.
func remaining(request *http.Request) (time.Duration, bool) {
	deadline, limited := request.Context().Deadline()
	return max(time.Until(deadline), time.Millisecond), limited
}
