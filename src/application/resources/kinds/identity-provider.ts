import { z } from 'zod';
import { identityProviderDecider } from '../../../domain/provider/decider.ts';
import type { Json } from '../../../domain/kernel/json.ts';
import {
  type ClaimNames,
  mostServers,
  type ProviderConnection,
  signingAlgorithms,
} from '../../../domain/provider/events.ts';
import { certificatesField, plainPem } from '../certificates.ts';
import { attributeNames, fields, flag, line, list, names, oneOf, text, wrongShape } from '../fields.ts';
import { declaredRules } from '../rules.ts';

const mostMetadata = 1_048_576;

/** Fields that belong to one type alone: named as such where they stand beside another one. */
const only = {
  oidc: ['issuer', 'clientId', 'clientSecret', 'scopes', 'algorithm'],
  saml: ['metadata', 'entityId'],
  ldap: ['urls', 'bindDn', 'bindPassword', 'userBase', 'userFilter', 'groupBase', 'groupFilter'],
} as const;
const elsewhere = Object.fromEntries(
  Object.entries(only).flatMap(([type, own]) => own.map((field) => [field, `belongs to type ${type}`])),
);

const common = {
  claims: fields({
    username: line.optional(),
    email: line.optional(),
    groups: line.optional(),
    attributes: attributeNames.default({}),
  }).optional(),
  tls: fields({ ca: certificatesField.optional() }).optional(),
  createUsers: flag.default(true),
  disabled: flag.default(false),
};

const oidc = fields(
  {
    type: z.literal('oidc'),
    ...common,
    issuer: line,
    clientId: line,
    clientSecret: text.optional(),
    scopes: names.default(['profile', 'email']),
    algorithm: oneOf(signingAlgorithms).optional(),
  },
  [],
  elsewhere,
);

const saml = fields(
  {
    type: z.literal('saml'),
    ...common,
    metadata: z
      .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be XML or an https address') })
      .max(mostMetadata, 'is longer than 1 MB'),
    entityId: line.optional(),
  },
  [],
  elsewhere,
);

const ldap = fields(
  {
    type: z.literal('ldap'),
    ...common,
    urls: list(line)
      .min(1, 'must name at least one server')
      .max(mostServers, `must name ${String(mostServers)} servers at the most; keep the nearest ones`),
    bindDn: line,
    bindPassword: text.optional(),
    userBase: line,
    userFilter: line.optional(),
    groupBase: line.optional(),
    groupFilter: line.optional(),
  },
  [],
  elsewhere,
);

const schema = z.discriminatedUnion('type', [oidc, saml, ldap], {
  error: ({ input }) => {
    if (typeof input !== 'object' || input === null || Array.isArray(input))
      return wrongShape(input, 'must be a map of fields');
    return wrongShape((input as { readonly type?: unknown }).type, 'must be one of oidc, saml, ldap');
  },
});

type Given = z.infer<typeof schema>;

function connectionOf(spec: Given): ProviderConnection {
  switch (spec.type) {
    case 'oidc': {
      const { type, issuer, clientId, scopes, algorithm = null } = spec;
      return { type, issuer, clientId, scopes: [...new Set(scopes)], algorithm };
    }
    case 'saml':
      return { type: spec.type, metadata: spec.metadata.trim(), entityId: spec.entityId ?? null };
    case 'ldap': {
      const { type, urls, bindDn, userBase, userFilter = null, groupBase = null, groupFilter = null } = spec;
      return { type, urls, bindDn, userBase, userFilter, groupBase, groupFilter };
    }
  }
}

/** Absent instead of null or empty: what is shown holds only what says something. */
function said(map: object): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(map).filter((entry): entry is [string, string] => entry[1] !== null);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function shownConnection(connection: ProviderConnection): Readonly<Record<string, string | readonly string[]>> {
  if (connection.type === 'oidc') {
    const { scopes, ...rest } = connection;
    return { ...said(rest), scopes };
  }
  if (connection.type === 'saml') return { ...said(connection) };
  const { urls, ...rest } = connection;
  return { ...said(rest), urls };
}

function claimsOf(given: Given['claims']): ClaimNames {
  const { username = null, email = null, groups = null, attributes = {} } = given ?? {};
  return { username, email, groups, attributes };
}

function shownClaims({ attributes, ...names }: ClaimNames): Readonly<Record<string, Json>> | undefined {
  const shown = said(names);
  return Object.keys(attributes).length === 0 ? shown : { ...shown, attributes };
}

export const identityProviderRules = declaredRules({
  schema,
  decider: identityProviderDecider,
  toSpec: ({ name, labels, spec, secret }, _references, previous) => {
    const secretId = secret?.secretId ?? previous?.secretId ?? null;
    if (spec.type === 'ldap' && secretId === null)
      return { path: ['spec'], message: 'bindPassword is missing: a new IdentityProvider of type ldap needs it' };
    const ca = spec.tls?.ca;
    return {
      name,
      labels,
      connection: connectionOf(spec),
      claims: claimsOf(spec.claims),
      ca: ca === undefined ? null : (plainPem(ca) ?? ca),
      createUsers: spec.createUsers,
      disabled: spec.disabled,
      secretId,
    };
  },
  show: ({ connection, claims, ca, createUsers, disabled }) => ({
    ...shownConnection(connection),
    claims: shownClaims(claims),
    tls: ca === null ? undefined : { ca },
    createUsers: createUsers ? undefined : false,
    disabled: disabled || undefined,
  }),
  fieldOf: {
    'type-fixed': ['spec', 'type'],
    'issuer-fixed': ['spec', 'issuer'],
    'invalid-ca': ['spec', 'tls', 'ca'],
    'invalid-issuer': ['spec', 'issuer'],
    'invalid-algorithm': ['spec', 'algorithm'],
    'invalid-metadata': ['spec', 'metadata'],
    'invalid-url': ['spec', 'urls'],
    'invalid-bind-name': ['spec', 'bindDn'],
  },
  secretOf: (spec) => spec.secretId,
});
