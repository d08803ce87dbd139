/** The labels of a target as `key=value`, from the JSON that GraphQL gives. */
export function labelsOf(labels: unknown): readonly string[] {
  if (typeof labels !== 'object' || labels === null) return [];
  return Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
}
