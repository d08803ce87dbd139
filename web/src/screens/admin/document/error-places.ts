export interface DocumentError {
  readonly message: string;
  readonly line: number | null;
}

/** Errors by the field they belong to (`metadata.name`, `spec.access.targets`), and those of no field. */
export interface PlacedErrors {
  readonly byField: ReadonlyMap<string, string>;
  readonly others: readonly string[];
}

/** Where an error belongs: its text begins with the path, `spec.urls[1]: must …`. */
export function placeErrors(errors: readonly DocumentError[], fields: readonly string[]): PlacedErrors {
  const byField = new Map<string, string>();
  const others: string[] = [];
  for (const { message } of errors) {
    const [, path = '', text = message] = /^(metadata\.labels\..+?|[A-Za-z][\w.[\]/-]*): (.+)$/s.exec(message) ?? [];
    const field = fields
      .filter((each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`))
      .sort((a, b) => b.length - a.length)[0];
    if (field === undefined) {
      others.push(message);
    } else {
      const said = byField.get(field);
      const own = path === field ? text : `${path.slice(field.length).replace(/^\./, '')}: ${text}`;
      byField.set(field, said === undefined ? own : `${said}\n${own}`);
    }
  }
  return { byField, others };
}
