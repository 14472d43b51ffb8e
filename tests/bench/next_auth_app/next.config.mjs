// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
export default { turbopack: { root: resolve(import.meta.dirname, '..') }, outputFileTracingRoot: resolve(import.meta.dirname, '..'), poweredByHeader: false };
