// The one script of the login pages: the browser signs with a security key (WebAuthn Level 3), and the form is sent.
const { document, navigator, atob, btoa } = globalThis;

const bytesOf = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));

const textOf = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

const descriptors = (list) => (list ?? []).map((one) => ({ ...one, id: bytesOf(one.id) }));

/** PublicKeyCredential as JSON (section 5.1.1); written out, since not every browser has `toJSON`. */
const jsonOf = ({ id, rawId, type, authenticatorAttachment, response }, extensions) => {
  const shown = { clientDataJSON: textOf(response.clientDataJSON) };
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) shown[name] = textOf(response[name]);
  }
  if (response.getTransports) shown.transports = response.getTransports();
  return JSON.stringify({
    id,
    rawId: textOf(rawId),
    type,
    authenticatorAttachment: authenticatorAttachment ?? undefined,
    clientExtensionResults: extensions,
    response: shown,
  });
};

const ask = (manner, options) => {
  const challenge = bytesOf(options.challenge);
  if (manner === 'get') {
    const publicKey = { ...options, challenge, allowCredentials: descriptors(options.allowCredentials) };
    return navigator.credentials.get({ publicKey });
  }
  const publicKey = {
    ...options,
    challenge,
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: descriptors(options.excludeCredentials),
  };
  return navigator.credentials.create({ publicKey });
};

const problems = {
  NotAllowedError: 'It was not confirmed, or it took too long. Ask again.',
  InvalidStateError: 'This key is enrolled already.',
  SecurityError: 'Security keys work under the address that this installation is known by, and over HTTPS.',
};

const form = document.querySelector('form[data-webauthn]');
const problem = form.querySelector('[data-problem]');
let running = false;

const run = async () => {
  if (running) return;
  running = true;
  problem.hidden = true;
  try {
    const credential = await ask(form.dataset.webauthn, JSON.parse(form.dataset.options));
    form.elements.answer.value = jsonOf(credential, credential.getClientExtensionResults());
    form.submit();
  } catch (error) {
    problem.textContent = problems[error.name] ?? 'The browser could not use a security key here.';
    problem.hidden = false;
    running = false;
  }
};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void run();
});
void run();
