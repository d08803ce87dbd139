const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// Libraries that make style elements themselves (react-remove-scroll) look for it here.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;

/** What a style element has to carry to be taken: the Content-Security-Policy knows no `unsafe-inline`. */
export function styleNonce(): string {
  return nonce;
}
