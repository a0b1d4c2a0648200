// Stand-ins for the providers hashicorp/null and hashicorp/external, for machines that cannot reach the Terraform registry: the same
// null_resource (an id, and triggers that force replacement), and the same data source external (a program that is given JSON and
// prints JSON), so that what is tested is Terraform with real provisioners and checks.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Which of the two this binary is: set by the linker.
var name = "null"

func main() {
	newProvider := func() provider.Provider { return standIn{} }
	options := providerserver.ServeOpts{Address: "registry.terraform.io/hashicorp/" + name, ProtocolVersion: 5}
	if err := providerserver.Serve(context.Background(), newProvider, options); err != nil {
		log.Fatal(err)
	}
}

type standIn struct{}

func (standIn) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName = name
}

func (standIn) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (standIn) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (standIn) DataSources(context.Context) []func() datasource.DataSource {
	if name != "external" {
		return nil
	}
	return []func() datasource.DataSource{func() datasource.DataSource { return external{} }}
}

func (standIn) Resources(context.Context) []func() resource.Resource {
	if name != "null" {
		return nil
	}
	return []func() resource.Resource{func() resource.Resource { return nullResource{} }}
}
