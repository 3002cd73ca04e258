//go:build wasip1

// Package export_cofferdam_module_runner is where the generated exports look for what the module offers. The SDK sets
// both functions in cofferdam.Export.
package export_cofferdam_module_runner

import (
	"cofferdam/bindings/imports/cofferdam_module_types"
	witTypes "cofferdam/bindings/wit/types"
)

// Describe describes the module.
var Describe = func() cofferdam_module_types.ModuleInfo {
	panic("this component calls cofferdam.Export nowhere")
}

// Run runs one job to its end.
var Run = func(cofferdam_module_types.Job) witTypes.Result[witTypes.Unit, cofferdam_module_types.Failure] {
	panic("this component calls cofferdam.Export nowhere")
}
