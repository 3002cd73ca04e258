// A module that calls a server with the Go SDK and saves what came of it.
package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"cofferdam"
	"cofferdam/cofferdamhttp"
)

type inputs struct {
	URL       string  `json:"url" doc:"The server to call."`
	Body      *string `json:"body" doc:"What is sent to it; without it the request is a GET."`
	TimeoutMS int64   `json:"timeout_ms" default:"30000" doc:"How long the server may take."`
}

var _ = cofferdam.Export(cofferdam.Module[inputs, cofferdam.None]{
	Name: "reaching-go", Version: "0.1.0", Description: "Calls servers with the Go SDK; the inputs say which",
	Run: run,
})

func main() {}

func run(ctx context.Context, job *cofferdam.Job[inputs, cofferdam.None]) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(job.Inputs.TimeoutMS)*time.Millisecond)
	defer cancel()
	response, err := call(ctx, job.Inputs)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	result := map[string]any{"status": response.StatusCode, "body": string(body), "location": nil}
	if location := response.Header.Get("Location"); location != "" {
		result["location"] = location
	}
	return job.SaveResult(result)
}

func call(ctx context.Context, in inputs) (*http.Response, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if in.Body != nil {
		method, body = http.MethodPost, strings.NewReader(*in.Body)
	}
	request, err := http.NewRequestWithContext(ctx, method, in.URL, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("X-Sent-By", "go")
	return cofferdamhttp.Client.Do(request)
}
