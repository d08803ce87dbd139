/** What every input is told. */
export interface InputProps {
  readonly label: string;
  readonly description?: string;
  readonly error?: string;
  readonly required: boolean;
}
