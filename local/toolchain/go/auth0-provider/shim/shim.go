// Package shim hands out the Auth0 provider, which lives in an internal package.
package shim

import (
	"github.com/auth0/terraform-provider-auth0/internal/provider"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// Provider returns the Terraform provider for Auth0.
func Provider() *schema.Provider { return provider.New() }
