module aoki

go 1.26
