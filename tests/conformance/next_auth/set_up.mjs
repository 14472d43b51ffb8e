// SPDX-License-Identifier: Apache-2.0
// Sallyport as a drop-in for the references: the same person, the same secret, JWT sessions of 30 days.
import { Sallyport, ada } from '../../e2e/support/sallyport.mjs';
import { startV4, startV5 } from './reference_servers.mjs';

export const person = ada;
export const appSecret = 'test-secret-0123456789abcdef0123456789';
export const startReference = { v4: startV4, v5: startV5 };

export function startSallyport(version, { compat = {}, ...options } = {}) {
  return Sallyport.serve({
    session: { strategy: 'jwt', idle_timeout: '30d', max_lifetime: '30d' },
    compat: { next_auth: version, secret: appSecret, ...compat },
    password: { enabled: true, registration: 'closed' },
    web: 'http://127.0.0.1:9', // nothing is proxied here
    users: [person],
    ...options,
  });
}
