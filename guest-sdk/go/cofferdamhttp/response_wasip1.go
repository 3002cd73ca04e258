package cofferdamhttp

import (
	"fmt"
	"io"
	"net/http"
	"strconv"

	wasi "cofferdam/bindings/imports/wasi_http_types"
	"cofferdam/bindings/imports/wasi_io_streams"
	witRuntime "cofferdam/bindings/wit/runtime"
)

// The most that is asked of the host at once.
const readAtOnce = 64 << 10

func responseOf(incoming *wasi.IncomingResponse, request *http.Request) (*http.Response, error) {
	status := int(incoming.Status())
	header := make(http.Header)
	fields := incoming.Headers()
	for _, field := range fields.Entries() {
		header.Add(field.F0, string(field.F1))
	}
	fields.Drop()
	length, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64)
	if err != nil {
		length = -1
	}
	content := incoming.Consume().Ok()
	body := &body{incoming: incoming, content: content, stream: content.Stream().Ok()}
	open[body] = struct{}{}
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", status, http.StatusText(status)),
		StatusCode: status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        header,
		ContentLength: length,
		Body:          body,
		Request:       request,
	}, nil
}

// body is an answer's body. Its parts belong to each other and have to be given back one after the other.
type body struct {
	incoming *wasi.IncomingResponse
	content  *wasi.IncomingBody
	stream   *wasi_io_streams.InputStream
	// What ended it: io.EOF, or why there is no more.
	ended error
}

// open holds bodies that nobody has closed, or the garbage collector would give their parts back in any order: a trap.
var open = make(map[*body]struct{})

func (b *body) Read(into []byte) (int, error) {
	if b.ended != nil || len(into) == 0 {
		return 0, b.ended
	}
	read := b.stream.BlockingRead(uint64(min(len(into), readAtOnce)))
	if read.IsOk() {
		count := copy(into, read.Ok())
		// What the host has written is kept until somebody says that it was seen: here, or when the job is over.
		witRuntime.Unpin()
		return count, nil
	}
	failed := read.Err()
	err := io.EOF
	if failed.Tag() == wasi_io_streams.StreamError_LastOperationFailed {
		err = brokenStream(failed)
	}
	b.end(err)
	return 0, err
}

// Close gives the connection back. Reading afterwards is an error.
func (b *body) Close() error {
	if b.ended == nil {
		b.end(http.ErrBodyReadAfterClose)
	}
	return nil
}

func (b *body) end(why error) {
	b.ended = why
	b.stream.Drop()
	b.content.Drop()
	b.incoming.Drop()
	delete(open, b)
}
