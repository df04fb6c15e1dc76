// Command pulumi-resource-auth0 is the Auth0 provider plugin for Pulumi: Auth0's own Terraform provider behind
// Pulumi's bridge, as the official plugin is. It carries no generated schema (tfgen needs modules that the public
// module proxy does not serve), which Node programs do without: their SDK is the npm package @pulumi/auth0.
package main

import (
	"github.com/auth0/terraform-provider-auth0/shim"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

// version is set by the linker to the version of the official plugin that this one stands in for.
var version = "0.0.0"

func main() {
	tfbridge.Main("auth0", version, providerInfo(), []byte(`{"name":"auth0","version":"`+version+`"}`))
}

func providerInfo() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:       sdkv2.NewProvider(shim.Provider()),
		Name:    "auth0",
		Version: version,

		EnableZeroDefaultSchemaVersion: true,
		EnableAccurateBridgePreview:    true,
		EnableRawStateDelta:            true,
	}
	info.MustComputeTokens(tokens.SingleModule("auth0_", "index", tokens.MakeStandard("auth0")))
	info.SetAutonaming(255, "-")
	return info
}
