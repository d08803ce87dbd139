import type { DocumentNode } from 'graphql';

/** At most so many documents are kept, none of them longer than so many characters: some tens of megabytes at worst. */
export const keptDocuments = { documents: 100, characters: 10_000 } as const;

/** Documents by their very text; the one that nobody has asked for longest goes first. */
export class KeptDocuments {
  readonly #documents = new Map<string, DocumentNode>();

  get size(): number {
    return this.#documents.size;
  }

  get(text: string): DocumentNode | undefined {
    const document = this.#documents.get(text);
    if (document !== undefined) this.#putLast(text, document);
    return document;
  }

  keep(text: string, document: DocumentNode): void {
    if (text.length > keptDocuments.characters) return;
    this.#putLast(text, document);
    const [oldest] = this.#documents.keys();
    if (oldest !== undefined && this.#documents.size > keptDocuments.documents) this.#documents.delete(oldest);
  }

  #putLast(text: string, document: DocumentNode): void {
    this.#documents.delete(text);
    this.#documents.set(text, document);
  }
}
