/** The stack that serves real users. */
export const productionStack = "prod";

/**
 * Whether the engine must refuse to delete a stack's resources. `pulumi state unprotect` is the way around; see
 * docs/guard-rails.md.
 */
export function isProtected(stack: string): boolean {
  return stack === productionStack;
}
