module reaching-go

go 1.25

require cofferdam v0.0.0

replace cofferdam => ../../../../guest-sdk/go
