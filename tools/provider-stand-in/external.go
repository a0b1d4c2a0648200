package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type external struct{}

type externalModel struct {
	ID         types.String `tfsdk:"id"`
	Program    []string     `tfsdk:"program"`
	WorkingDir types.String `tfsdk:"working_dir"`
	Query      types.Map    `tfsdk:"query"`
	Result     types.Map    `tfsdk:"result"`
}

func (external) Metadata(_ context.Context, _ datasource.MetadataRequest, response *datasource.MetadataResponse) {
	response.TypeName = "external"
}

func (external) Schema(_ context.Context, _ datasource.SchemaRequest, response *datasource.SchemaResponse) {
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true},
		"program":     schema.ListAttribute{Required: true, ElementType: types.StringType},
		"working_dir": schema.StringAttribute{Optional: true},
		"query":       schema.MapAttribute{Optional: true, ElementType: types.StringType},
		"result":      schema.MapAttribute{Computed: true, ElementType: types.StringType},
	}}
}

func (external) Read(ctx context.Context, request datasource.ReadRequest, response *datasource.ReadResponse) {
	var model externalModel
	response.Diagnostics.Append(request.Config.Get(ctx, &model)...)
	if response.Diagnostics.HasError() {
		return
	}
	result, err := run(ctx, model)
	if err != nil {
		response.Diagnostics.AddError("External Program Execution Failed", err.Error())
		return
	}
	model.ID = types.StringValue("-")
	value, diagnostics := types.MapValueFrom(ctx, types.StringType, result)
	response.Diagnostics.Append(diagnostics...)
	model.Result = value
	response.Diagnostics.Append(response.State.Set(ctx, &model)...)
}

func run(ctx context.Context, model externalModel) (map[string]string, error) {
	if len(model.Program) == 0 {
		return nil, fmt.Errorf("no program was given")
	}
	query := map[string]string{}
	for key, value := range model.Query.Elements() {
		query[key] = value.(types.String).ValueString()
	}
	input, err := json.Marshal(query)
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, model.Program[0], model.Program[1:]...)
	command.Dir = model.WorkingDir.ValueString()
	command.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%v: %v\n%s", model.Program, err, stderr.String())
	}
	result := map[string]string{}
	if err := json.Unmarshal(output, &result); err != nil {
		return nil, fmt.Errorf("%v printed no JSON object of strings: %v", model.Program, err)
	}
	return result, nil
}
