import type { DeviceFlow, GrantOutcome, GrantPending } from '../../application/ports/device-grants.ts';
import type { RequestContext, Route } from '../../application/ports/http-route.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { jsonAnswer } from '../../wire/json-http.ts';

const bodyLimit = 4_096;
const longestClient = 100;
const grantType = 'urn:ietf:params:oauth:grant-type:device_code';

type OAuthError = GrantPending | 'invalid_request' | 'unsupported_grant_type';

const descriptions: Readonly<Record<OAuthError, string>> = {
  authorization_pending: 'Nobody has confirmed the code yet; ask again.',
  slow_down: 'You ask too often; wait five seconds longer each time.',
  access_denied: 'The login was denied, or who confirmed it may not have it; begin anew.',
  expired_token: 'The code has expired; begin anew.',
  invalid_grant: 'There is no such device code, or it was used; begin anew.',
  invalid_request: 'A parameter is missing, empty, too long or there twice.',
  unsupported_grant_type: `\`grant_type\` must be ${grantType}.`,
};

/** The device flow for programs (RFC 8628, sections 3.1 and 3.4); `url` is the address people's browsers have of the web. */
export function deviceRoutes(flow: Pick<DeviceFlow, 'begin' | 'redeem'>, url: string): readonly Route[] {
  const authorize = async (request: Request, { source }: RequestContext): Promise<Response> => {
    const client = parameter(await formOf(request), 'client_id', longestClient);
    if (client === null) return refusal('invalid_request');
    const asked = { door: 'cli', client: visibleText(client), source, userName: null, target: null } as const;
    const { deviceCode, userCode, expiresInSeconds, intervalSeconds } = await flow.begin(asked);
    const page = `${url}/auth/device`;
    return jsonAnswer(200, {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${userCode}`,
      expires_in: expiresInSeconds,
      interval: intervalSeconds,
    });
  };

  const token = async (request: Request): Promise<Response> => {
    const form = await formOf(request);
    const grant = parameter(form, 'grant_type', longestClient);
    const deviceCode = parameter(form, 'device_code', longestClient);
    if (grant !== null && grant !== grantType) return refusal('unsupported_grant_type');
    if (grant === null || deviceCode === null || parameter(form, 'client_id', longestClient) === null) {
      return refusal('invalid_request');
    }
    return answerFor(await flow.redeem(deviceCode));
  };

  const form = { method: 'POST', access: 'public', body: 'form', fromPrograms: true, bodyLimit } as const;
  return [
    { ...form, path: '/auth/device_authorization', handler: authorize },
    { ...form, path: '/auth/token', handler: token },
  ];
}

function answerFor(outcome: GrantOutcome): Response {
  if (!outcome.ok) return refusal(outcome.error);
  const { secret, expiresAt, userName } = outcome;
  return jsonAnswer(200, {
    access_token: secret,
    token_type: 'Bearer',
    expires_at: expiresAt,
    user: { name: userName },
  });
}

/** RFC 6749, section 5.2, and the one body of our failures in one. */
function refusal(error: OAuthError): Response {
  const message = descriptions[error];
  return jsonAnswer(400, { error, error_description: message, errors: [{ code: error, message }] });
}

async function formOf(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(await request.text());
}

/** Null when it is missing, empty or too long; a parameter may be there once (RFC 6749, section 3.2). */
function parameter(form: URLSearchParams, name: string, longest: number): string | null {
  const [value, second] = form.getAll(name);
  if (value === undefined || second !== undefined) return null;
  return value === '' || value.length > longest ? null : value;
}
