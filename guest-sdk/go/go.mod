module cofferdam

go 1.25
