import { isMap, textOf, textsOf } from '../document/document.ts';
import { asWritten, type KindForm } from './fields.ts';

const ssh = ['access', 'channels', 'ssh'] as const;
const postgres = ['access', 'channels', 'postgres'] as const;

export const entitlementForm: KindForm = {
  about: 'What may be reached, as whom and how. A policy gives it to people.',
  next: 'Create one for a target, then a policy that gives it to people.',
  start: { access: {} },
  columns: [
    { title: 'Targets', of: ({ access }) => (isMap(access) ? targetsText(access) : '') },
    { title: 'Accounts', of: ({ access }) => (isMap(access) ? textsOf(access.accounts).join(', ') || 'any' : '') },
    { title: 'Conditions', of: ({ conditions }) => textsOf(conditions).join(', ') },
    { title: 'Recording', of: ({ recording }) => textOf(recording) },
    { title: 'State', of: ({ disabled }) => (disabled === true ? 'Disabled' : 'Active') },
  ],
  sections: [
    {
      title: 'What it opens',
      about: 'Targets by their names, or by labels that they carry.',
      fields: [
        { type: 'names', of: 'Target', path: ['access', 'targets'], label: 'Targets' },
        { type: 'labels', path: ['access', 'labels'], label: 'Or all targets with these labels' },
        {
          type: 'list',
          path: ['access', 'accounts'],
          label: 'Accounts',
          help: 'Login names on the target; without any: every account of it.',
        },
        {
          type: 'choices',
          path: ['access', 'protocols'],
          label: 'Protocols',
          options: asWritten('ssh', 'rdp', 'postgres', 'mysql'),
          help: 'Without any: all.',
        },
        {
          type: 'choices',
          path: ['access', 'rights'],
          label: 'Rights',
          options: [
            { value: 'useCredential', label: 'useCredential: the secret is used for the person' },
            { value: 'accessTarget', label: 'accessTarget: the target may be reached' },
            { value: 'startSession', label: 'startSession: a session may begin' },
            { value: 'revealCredential', label: 'revealCredential' },
            { value: 'checkOut', label: 'checkOut' },
          ],
          usual: ['useCredential', 'accessTarget', 'startSession'],
          help: 'A session needs the first three.',
        },
      ],
    },
    {
      title: 'Under which conditions',
      fields: [
        {
          type: 'names',
          of: 'Condition',
          path: ['conditions'],
          label: 'Conditions',
          help: 'All of them have to hold.',
        },
        {
          type: 'choice',
          path: ['recording'],
          label: 'Recording',
          options: asWritten('required', 'strict', 'preferred', 'off'),
          usual: 'required',
        },
        { type: 'text', path: ['maxSession'], label: 'Longest session', example: '8h' },
        { type: 'text', path: ['idle'], label: 'Ends when idle for', example: '15m' },
        {
          type: 'list',
          path: ['approval', 'by'],
          label: 'Approved by',
          help: 'Opens nothing as long as there are no access requests.',
        },
        { type: 'flag', path: ['disabled'], label: 'Disabled', help: 'Its sessions end, and it opens no new one.' },
      ],
    },
    {
      title: 'Inside SSH',
      fields: [
        { type: 'flag', path: [...ssh, 'shell'], label: 'Shell', usual: true },
        { type: 'flag', path: [...ssh, 'exec'], label: 'Single commands', usual: true },
        {
          type: 'choice',
          path: [...ssh, 'files'],
          label: 'Files (SFTP, scp, rsync)',
          options: asWritten('both', 'upload', 'download', 'none'),
          usual: 'both',
        },
        { type: 'text', path: [...ssh, 'maxFileBytes'], label: 'Longest file', example: '100MB' },
        { type: 'list', path: [...ssh, 'forward'], label: 'Port forwarding to', example: 'db1.example.org:5432' },
        { type: 'list', path: [...ssh, 'env'], label: 'Environment variables', example: 'LC_*' },
        { type: 'flag', path: [...ssh, 'typed'], label: 'What is typed is recorded too' },
      ],
    },
    {
      title: 'Inside PostgreSQL',
      fields: [
        { type: 'list', path: [...postgres, 'databases'], label: 'Databases', help: 'Without any: all.' },
        { type: 'flag', path: [...postgres, 'readOnly'], label: 'Only reading' },
        { type: 'list', path: [...postgres, 'allow'], label: 'Only these statements', example: 'select' },
        { type: 'list', path: [...postgres, 'deny'], label: 'Not these statements', example: 'drop table' },
        { type: 'list', path: [...postgres, 'objects', 'allow'], label: 'Only these tables', example: 'public.*' },
        { type: 'list', path: [...postgres, 'objects', 'deny'], label: 'Not these tables', example: 'public.salaries' },
        { type: 'number', path: [...postgres, 'maxRows'], label: 'Most rows of a statement' },
        { type: 'text', path: [...postgres, 'maxBytes'], label: 'Most bytes of a statement', example: '10MB' },
        {
          type: 'choice',
          path: [...postgres, 'notUnderstood'],
          label: 'Statements that are not understood',
          options: asWritten('deny', 'mark'),
        },
        {
          type: 'choice',
          path: [...postgres, 'statements'],
          label: 'Statements in the recording',
          options: asWritten('full', 'redacted', 'fingerprint'),
        },
      ],
    },
  ],
};

function targetsText(access: { readonly targets?: unknown; readonly labels?: unknown }): string {
  if (Array.isArray(access.targets)) return access.targets.join(', ');
  const labels = Object.entries((access.labels ?? {}) as Record<string, unknown>);
  return labels.length === 0 ? '' : `labels ${labels.map(([key, value]) => `${key}=${String(value)}`).join(', ')}`;
}
