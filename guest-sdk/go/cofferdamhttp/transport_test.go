package cofferdamhttp_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cofferdam"
	"cofferdam/cofferdamhttp"
	"cofferdam/cofferdamtest"
)

type inputs struct {
	URL string `json:"url"`
}

// module asks for a page and saves what came of it.
var module = cofferdam.Module[inputs, cofferdam.None]{
	Name: "asks", Version: "0.1.0",
	Run: func(ctx context.Context, job *cofferdam.Job[inputs, cofferdam.None]) error {
		response, err := cofferdamhttp.Client.Post(job.Inputs.URL, "text/plain", strings.NewReader("abc"))
		if err != nil {
			return err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			return err
		}
		return job.SaveResult(map[string]any{"status": response.StatusCode, "body": string(body)})
	},
}

func ask(t *testing.T, url string, answer http.HandlerFunc) *cofferdamtest.Recorded {
	t.Helper()
	attempt := cofferdamtest.Attempt{Inputs: inputs{url}}
	if answer != nil {
		attempt.HTTP = func(request *http.Request) (*http.Response, error) {
			recorder := httptest.NewRecorder()
			answer(recorder, request)
			return recorder.Result(), nil
		}
	}
	return cofferdamtest.Run(t, module, attempt)
}

func TestAStandInAnswersWhatWasSent(t *testing.T) {
	recorded := ask(t, "https://api.example.com/items?a=1", func(to http.ResponseWriter, from *http.Request) {
		body, _ := io.ReadAll(from.Body)
		to.WriteHeader(http.StatusCreated)
		io.WriteString(to, from.Method+" "+from.URL.RequestURI()+" "+strings.ToUpper(string(body)))
	})
	if recorded.Failure != nil || recorded.Results[0]["body"] != "POST /items?a=1 ABC" || recorded.Results[0]["status"] != 201.0 {
		t.Fatalf("%+v %v", recorded.Failure, recorded.Results)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	recorded := ask(t, "https://a.example/", func(to http.ResponseWriter, from *http.Request) {
		http.Redirect(to, from, "https://b.example/", http.StatusFound)
	})
	if recorded.Failure != nil || recorded.Results[0]["status"] != 302.0 {
		t.Fatalf("%+v %v", recorded.Failure, recorded.Results)
	}
}

func TestWithoutAStandInEverythingIsDenied(t *testing.T) {
	failure := ask(t, "https://a.example/", nil).Failure
	if failure == nil || !strings.Contains(failure.Message, "the module is not granted this request") {
		t.Fatal(failure)
	}
	_, err := cofferdamhttp.Client.Get("https://a.example/")
	var own *cofferdamhttp.Error
	if !errors.As(err, &own) || own.Kind != cofferdamhttp.Denied || !errors.Is(err, fs.ErrPermission) {
		t.Fatal(err)
	}
}

func TestWhatCouldNeverBeSentIsRefusedWithItsReason(t *testing.T) {
	for _, url := range []string{"/path", "ftp://a.example/", "https:///path"} {
		_, err := cofferdamhttp.Client.Get(url)
		var own *cofferdamhttp.Error
		if err == nil || errors.As(err, &own) && own.Kind != cofferdamhttp.Invalid {
			t.Errorf("%s: %v", url, err)
		}
	}
	request := httptest.NewRequest(http.MethodGet, "https://a.example/", nil)
	request.Host = "b.example"
	if _, err := (cofferdamhttp.Transport{}).RoundTrip(request); err == nil || !strings.Contains(err.Error(), "b.example") {
		t.Error(err)
	}
}

func TestACancelledRequestIsNotSent(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://a.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cofferdamhttp.Client.Do(request); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestAnErrorSaysWhetherItIsATimeout(t *testing.T) {
	for kind, timeout := range map[cofferdamhttp.Kind]bool{cofferdamhttp.TimedOut: true, cofferdamhttp.Connection: false} {
		if err := (&cofferdamhttp.Error{Kind: kind, Reason: "slow"}); err.Timeout() != timeout || !strings.HasSuffix(err.Error(), ": slow") {
			t.Error(err)
		}
	}
}
