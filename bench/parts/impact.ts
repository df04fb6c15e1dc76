import type { Part } from "./part.ts";

export const impactPart: Part = { plans: [], measure: async () => [] };
