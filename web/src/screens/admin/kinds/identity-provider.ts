import { type JsonMap, textOf, textsOf } from '../document/document.ts';
import { asWritten, type KindForm } from './fields.ts';

const is = (type: string) => (spec: JsonMap) => spec.type === type;
const hasType = (spec: JsonMap): boolean => typeof spec.type === 'string';

export const identityProviderForm: KindForm = {
  about: 'Where people log in: OpenID Connect, SAML or LDAP.',
  next: 'Create one, then test it before anybody has to use it.',
  columns: [
    { title: 'Type', of: ({ type }) => textOf(type).toUpperCase() },
    {
      title: 'Address',
      of: ({ issuer, urls, metadata }) => textOf(issuer) || textsOf(urls).join(', ') || firstLine(textOf(metadata)),
    },
    { title: 'State', of: ({ disabled }) => (disabled === true ? 'Disabled' : 'Active') },
  ],
  sections: [
    {
      fields: [
        {
          type: 'choice',
          path: ['type'],
          label: 'Type',
          required: true,
          fixed: true,
          options: [
            { value: 'oidc', label: 'OpenID Connect' },
            { value: 'saml', label: 'SAML' },
            { value: 'ldap', label: 'LDAP' },
          ],
        },
        {
          type: 'text',
          path: ['issuer'],
          label: 'Issuer',
          required: true,
          example: 'https://login.example.org',
          when: is('oidc'),
        },
        { type: 'text', path: ['clientId'], label: 'Client ID', required: true, when: is('oidc') },
        {
          type: 'secret',
          path: ['clientSecret'],
          label: 'Client secret',
          help: 'None for a public client.',
          when: is('oidc'),
        },
        { type: 'list', path: ['scopes'], label: 'Scopes', help: 'openid is always asked for.', when: is('oidc') },
        {
          type: 'choice',
          path: ['algorithm'],
          label: 'Signing algorithm',
          options: asWritten(
            'RS256',
            'RS384',
            'RS512',
            'PS256',
            'PS384',
            'PS512',
            'ES256',
            'ES384',
            'ES512',
            'EdDSA',
            'Ed25519',
          ),
          help: 'Without one: RS256, or what the provider says that it signs with.',
          when: is('oidc'),
        },
        {
          type: 'long',
          path: ['metadata'],
          label: 'Metadata',
          required: true,
          help: 'XML, or the https address it is at.',
          when: is('saml'),
        },
        {
          type: 'text',
          path: ['entityId'],
          label: 'Entity ID',
          help: 'What this installation is called there; without one, its own address.',
          when: is('saml'),
        },
        {
          type: 'list',
          path: ['urls'],
          label: 'Servers',
          required: true,
          example: 'ldaps://ldap.example.org',
          when: is('ldap'),
        },
        {
          type: 'text',
          path: ['bindDn'],
          label: 'Bind DN',
          required: true,
          example: 'cn=reader,dc=example,dc=org',
          when: is('ldap'),
        },
        { type: 'secret', path: ['bindPassword'], label: 'Bind password', when: is('ldap') },
        {
          type: 'text',
          path: ['userBase'],
          label: 'People below',
          required: true,
          example: 'ou=people,dc=example,dc=org',
          when: is('ldap'),
        },
        {
          type: 'text',
          path: ['userFilter'],
          label: 'Filter for a person',
          example: '(uid={username})',
          when: is('ldap'),
        },
        { type: 'text', path: ['groupBase'], label: 'Groups below', when: is('ldap') },
        {
          type: 'text',
          path: ['groupFilter'],
          label: 'Filter for the groups of a person',
          example: '(member={dn})',
          when: is('ldap'),
        },
        {
          type: 'long',
          path: ['tls', 'ca'],
          label: 'CA certificate of its server (PEM)',
          help: 'Without one: those that this machine trusts.',
          when: hasType,
        },
        {
          type: 'flag',
          path: ['createUsers'],
          label: 'Create people at their first login',
          usual: true,
          when: hasType,
        },
        { type: 'flag', path: ['disabled'], label: 'Disabled', help: 'Nobody logs in through it.', when: hasType },
      ],
    },
    {
      title: 'What it says of people',
      about: 'Names of claims or attributes, where they are other than usual.',
      fields: [
        { type: 'text', path: ['claims', 'username'], label: 'Login name', when: hasType },
        { type: 'text', path: ['claims', 'email'], label: 'E-mail address', when: hasType },
        { type: 'text', path: ['claims', 'groups'], label: 'Groups', when: hasType },
        {
          type: 'labels',
          path: ['claims', 'attributes'],
          label: 'More, for conditions',
          help: 'name=claim',
          when: hasType,
        },
      ],
    },
  ],
};

function firstLine(text: string): string {
  return text.startsWith('https://') ? text : 'metadata given';
}
