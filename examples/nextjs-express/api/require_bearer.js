// SPDX-License-Identifier: Apache-2.0
// Verifies the access JWT that Sallyport puts on each request. The API needs nothing else: no cookies, no shared secret.
import { createRemoteJWKSet, jwtVerify } from 'jose';

/** Returns `verify(request) → claims`; throws when the bearer is missing, foreign, expired or for another audience. */
export function bearerVerifier({ issuer, audience, jwksUrl }) {
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  return async function verify(request) {
    const match = /^Bearer ([\w.-]+)$/.exec(request.headers.authorization ?? '');
    if (!match) throw new Error('no bearer token');
    const { payload } = await jwtVerify(match[1], keys, { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'] });
    return payload;
  };
}

/** Express middleware around it: `request.person` is the verified claims, everything else is a 401. */
export function requireBearer(verify) {
  return async (request, response, next) => {
    try {
      request.person = await verify(request);
    } catch (error) {
      response.status(401).set('WWW-Authenticate', 'Bearer').json({ code: 'invalid_token', detail: error.message });
      return;
    }
    next();
  };
}
