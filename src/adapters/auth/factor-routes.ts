import type { GuardedRoute, Route } from '../../application/ports/http-route.ts';
import type { FactorFace } from '../../application/ports/login-face.ts';
import { fieldsOf, text, textOrNull } from './fields.ts';
import { outcomeAnswer, ownDelete, ownPost } from './for-viewer.ts';

/** A passkey's answer is the longest of what is sent here. */
const bodyLimit = 32_768;
const longestText = 16_384;
const longestName = 256;

const fresh = (fields: Parameters<typeof textOrNull>[0]): string | null =>
  textOrNull(fields, 'freshFactor', longestName);

/** One's own second factors (docs/protocols/http.md, "Second factors"). */
export function factorRoutes(face: FactorFace): readonly Route[] {
  const post = (path: string, handler: GuardedRoute['handler']): GuardedRoute => ownPost(path, bodyLimit, handler);
  return [
    {
      method: 'GET',
      path: '/auth/factors',
      access: 'viewer',
      handler: async (request, { viewer }) =>
        outcomeAnswer(await face.factorsOf(viewer, new URL(request.url).searchParams.get('user'))),
    },
    post('/auth/factors/totp', async (request, { viewer }) => {
      const fields = await fieldsOf(request, ['label', 'freshFactor']);
      return outcomeAnswer(await face.beginTotp(viewer, text(fields, 'label', longestName), fresh(fields)));
    }),
    post('/auth/factors/totp/finish', async (request, { viewer }) => {
      const fields = await fieldsOf(request, ['sealed', 'code']);
      const wish = { sealed: text(fields, 'sealed', longestText), code: text(fields, 'code', longestName) };
      return outcomeAnswer(await face.finishTotp(viewer, wish));
    }),
    post('/auth/factors/webauthn', async (request, { viewer }) => {
      const fields = await fieldsOf(request, ['label', 'freshFactor']);
      return outcomeAnswer(await face.beginWebauthn(viewer, text(fields, 'label', longestName), fresh(fields)));
    }),
    post('/auth/factors/webauthn/finish', async (request, { viewer }) => {
      const fields = await fieldsOf(request, ['sealed', 'credential']);
      const wish = {
        sealed: text(fields, 'sealed', longestText),
        credential: text(fields, 'credential', longestText),
      };
      return outcomeAnswer(await face.finishWebauthn(viewer, wish));
    }),
    post('/auth/factors/recovery-codes', async (request, { viewer }) => {
      const fields = await fieldsOf(request, ['user', 'freshFactor']);
      const user = textOrNull(fields, 'user', longestName);
      return outcomeAnswer(await face.drawRecoveryCodes(viewer, user, fresh(fields)));
    }),
    // Of no use without the login that asks, so that it may stand in an address.
    ownDelete('/auth/factors/:id', 'factor', 'there is no such factor that you may remove', (viewer, id, request) =>
      face.removeFactor(viewer, id, new URL(request.url).searchParams.get('freshFactor')),
    ),
  ];
}
