// SPDX-License-Identifier: Apache-2.0
// The same requests to the real next-auth packages and to Sallyport: status, Location, body and Set-Cookie are compared.
// How to use it: run_differential.mjs.
import { runDifferential } from './run_differential.mjs';
import { steps } from './steps.mjs';

await runDifferential({ steps, table: new URL('./differences.json', import.meta.url) });
