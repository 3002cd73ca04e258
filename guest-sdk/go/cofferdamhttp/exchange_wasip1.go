package cofferdamhttp

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	handler "cofferdam/bindings/imports/wasi_http_outgoing_handler"
	wasi "cofferdam/bindings/imports/wasi_http_types"
	witTypes "cofferdam/bindings/wit/types"
)

// The most that blocking-write-and-flush takes.
const writtenAtOnce = 4096

func exchange(request *http.Request) (*http.Response, error) {
	outgoing, err := outgoingOf(request)
	if err != nil {
		return nil, err
	}
	body := outgoing.Body().Ok()
	sent := handler.Handle(outgoing, optionsOf(request))
	if sent.IsErr() {
		body.Drop()
		return nil, errorOf(sent.Err())
	}
	future := sent.Ok()
	defer future.Drop()
	if err := write(body, request.Body); err != nil {
		return nil, err
	}
	ready := future.Subscribe()
	ready.Block()
	ready.Drop()
	got := future.Get().Some()
	if got.IsErr() {
		return nil, &Error{Other, "its answer was taken before"}
	}
	if got.Ok().IsErr() {
		return nil, errorOf(got.Ok().Err())
	}
	return responseOf(got.Ok().Ok(), request)
}

func outgoingOf(request *http.Request) (*wasi.OutgoingRequest, error) {
	fields := wasi.FieldsFromList(fieldsOf(request))
	if fields.IsErr() {
		return nil, invalid("one of its headers may not be sent")
	}
	url := request.URL
	scheme := wasi.MakeSchemeHttps()
	if url.Scheme == "http" {
		scheme = wasi.MakeSchemeHttp()
	}
	outgoing := wasi.MakeOutgoingRequest(fields.Ok())
	switch {
	case outgoing.SetMethod(methodOf(request.Method)).IsErr():
		err := invalid("its method is " + strconv.Quote(request.Method))
		outgoing.Drop()
		return nil, err
	case outgoing.SetScheme(witTypes.Some(scheme)).IsErr(),
		outgoing.SetAuthority(witTypes.Some(url.Host)).IsErr(),
		outgoing.SetPathWithQuery(witTypes.Some(url.RequestURI())).IsErr():
		outgoing.Drop()
		return nil, invalid("its URL is " + strconv.Quote(url.Redacted()))
	}
	return outgoing, nil
}

func fieldsOf(request *http.Request) []witTypes.Tuple2[string, []uint8] {
	var fields []witTypes.Tuple2[string, []uint8]
	add := func(name, value string) {
		fields = append(fields, witTypes.Tuple2[string, []uint8]{F0: strings.ToLower(name), F1: []uint8(value)})
	}
	for name, values := range request.Header {
		for _, value := range values {
			add(name, value)
		}
	}
	// Without it the body is sent in chunks, which not every server takes.
	hasLength := request.Body == nil || request.Body == http.NoBody || request.ContentLength > 0
	announced := request.ContentLength > 0 ||
		request.Method == http.MethodPost || request.Method == http.MethodPut || request.Method == http.MethodPatch
	if hasLength && announced && request.Header.Get("Content-Length") == "" {
		add("content-length", strconv.FormatInt(request.ContentLength, 10))
	}
	return fields
}

func methodOf(method string) wasi.Method {
	switch method {
	case "", http.MethodGet:
		return wasi.MakeMethodGet()
	case http.MethodHead:
		return wasi.MakeMethodHead()
	case http.MethodPost:
		return wasi.MakeMethodPost()
	case http.MethodPut:
		return wasi.MakeMethodPut()
	case http.MethodDelete:
		return wasi.MakeMethodDelete()
	case http.MethodOptions:
		return wasi.MakeMethodOptions()
	case http.MethodPatch:
		return wasi.MakeMethodPatch()
	default:
		return wasi.MakeMethodOther(method)
	}
}

func optionsOf(request *http.Request) witTypes.Option[*wasi.RequestOptions] {
	time, limited := remaining(request)
	if !limited {
		return witTypes.None[*wasi.RequestOptions]()
	}
	options, nanoseconds := wasi.MakeRequestOptions(), witTypes.Some(uint64(time))
	options.SetConnectTimeout(nanoseconds)
	options.SetFirstByteTimeout(nanoseconds)
	options.SetBetweenBytesTimeout(nanoseconds)
	return witTypes.Some(options)
}

// write sends a request's body. That the server takes no more of it is no error: it may answer before it has read
// everything, and its answer says what is wrong.
func write(to *wasi.OutgoingBody, from io.Reader) error {
	if from != nil {
		stream := to.Write().Ok()
		takesMore := true
		part := make([]byte, writtenAtOnce)
		for takesMore {
			read, err := from.Read(part)
			if read > 0 {
				takesMore = stream.BlockingWriteAndFlush(part[:read]).IsOk()
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				stream.Drop()
				to.Drop()
				return err
			}
		}
		stream.Drop()
	}
	wasi.OutgoingBodyFinish(to, witTypes.None[*wasi.Fields]())
	return nil
}
