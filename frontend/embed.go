// Package frontend carries the built web app inside the binary.
package frontend

import "embed"

// Dist is the folder that `make build` fills. A fresh clone holds only .gitkeep,
// so that `go build` works without Node; the server then says how to build the app.
//
//go:embed all:dist
var Dist embed.FS
